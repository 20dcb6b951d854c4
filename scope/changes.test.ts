import { expect, test } from '@jest/globals';
import { changesScope, type ScopeRelevant as Settings } from './changes.ts';

const list = (operator: 'in' | 'not_in', ...values: string[]) => ({ operator, values });

test.each<[string, Settings, Settings]>([
  ['nothing at all', {}, { scope: {}, filters: {}, indexing: {}, content: {} }],
  [
    'defaults that are written out',
    {},
    {
      scope: { by: 'filters', archivedSpaces: false, personalSpaces: true },
      indexing: { pages: true, mode: 'automatic' },
    },
  ],
  [
    'the order of values',
    { filters: { spaceKeys: list('in', 'A', 'B') } },
    { filters: { spaceKeys: list('in', 'B', 'A', 'A') } },
  ],
  [
    'the way of writing a time',
    { filters: { created: { operator: 'is_after', from: '2026-01-31T00:00:00Z' } } },
    {
      filters: {
        created: { operator: 'is_after', from: '2026-01-31T01:00:00.000+01:00', timezone: 'Europe/Zurich' },
      },
    },
  ],
  ['labels that do not count', {}, { scope: { pageLabel: 'x' } }],
  [
    'labels by their usual names',
    { scope: { by: 'labels' } },
    { scope: { by: 'labels', pageLabel: 'ai-ingest', personalSpaces: false } },
  ],
  ['the schedule', { sync: { strategy: 'manual' } }, { sync: { strategy: 'scheduled' } }],
  ['names of fields', {}, { content: { fields: { title: { name: 'heading' } } } }],
])('%s is no change', (_what, before, after) => {
  expect([changesScope(before, after), changesScope(after, before)]).toEqual([false, false]);
});

test.each<[string, Settings, Settings]>([
  ['a value', { filters: { labels: list('in', 'a') } }, { filters: { labels: list('in', 'a', 'b') } }],
  [
    'a letter in capitals',
    { filters: { spaceKeys: list('in', 'a') } },
    { filters: { spaceKeys: list('in', 'A') } },
  ],
  ['an operator', { filters: { labels: list('in', 'a') } }, { filters: { labels: list('not_in', 'a') } }],
  ['a filter that goes', { filters: { labels: list('in', 'a') } }, {}],
  [
    'a millisecond',
    { filters: { modified: { operator: 'is_before', to: '2026-01-31T00:00:00.000Z' } } },
    { filters: { modified: { operator: 'is_before', to: '2026-01-31T00:00:00.001Z' } } },
  ],
  [
    'the same time of another filter',
    { filters: { modified: { operator: 'is_after', from: '2026-01-31T00:00:00Z' } } },
    { filters: { created: { operator: 'is_after', from: '2026-01-31T00:00:00Z' } } },
  ],
  ['labels instead of filters', {}, { scope: { by: 'labels' } }],
  [
    'the name of a label that counts',
    { scope: { by: 'labels' } },
    { scope: { by: 'labels', treeLabel: 'x' } },
  ],
  ['personal spaces', {}, { scope: { personalSpaces: false } }],
  [
    'personal spaces by labels',
    { scope: { by: 'labels' } },
    { scope: { by: 'labels', personalSpaces: true } },
  ],
  ['archived spaces', {}, { scope: { archivedSpaces: true } }],
  ['a toggle', {}, { indexing: { pageComments: false } }],
  ['the mode', {}, { indexing: { mode: 'manual' } }],
  ['a rule of content', {}, { content: { tables: 'text' } }],
])('%s is a change', (_what, before, after) => {
  expect([changesScope(before, after), changesScope(after, before)]).toEqual([true, true]);
});
