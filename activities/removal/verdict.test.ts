import { expect, test } from '@jest/globals';
import { standingOf, verdictOf } from './verdict.ts';

const gone = (cause: string) => ({ is: 'gone', cause });

test.each([
  ['trashed', 'trashed', 'synced', gone('trashed')],
  ['unanswered', 'trashed', 'synced', gone('trashed')],
  ['unlisted', 'archived', 'synced', gone('archived')],
  ['unanswered', 'deleted', 'unknown', gone('deleted')],
  // Purged after the trash listed it.
  ['trashed', undefined, 'synced', gone('trashed')],
  ['unlisted', undefined, 'synced', gone('not_shown')],
  ['unlisted', undefined, 'unknown', gone('not_shown')],
  ['space', undefined, 'unlisted', gone('space_gone')],
  ['space', undefined, 'trashed', gone('space_trashed')],
  ['space', 'current', 'archived', gone('space_archived')],
  ['unanswered', 'current', 'left out', gone('out_of_scope')],
] as const)('%s, then %s in a space that is %s: %j', (evidence, status, standing, verdict) => {
  expect(verdictOf(evidence, status && { status }, standing)).toEqual(verdict);
});

test.each(['trashed', 'archived', 'deleted', 'unlisted', 'unanswered', 'space'] as const)(
  'what was %s and is answered for as current in a space that is synced, is there',
  (evidence) => {
    expect(verdictOf(evidence, { status: 'current' }, 'synced')).toEqual({ is: 'there' });
  },
);

test('one absence alone removes nothing, and neither does a space that nobody knows', () => {
  expect(verdictOf('unanswered', undefined, 'synced')).toEqual({ is: 'open' });
  expect(verdictOf('unanswered', undefined, 'unknown')).toEqual({ is: 'open' });
  expect(verdictOf('unanswered', undefined, 'unlisted')).toEqual({ is: 'open' });
  expect(verdictOf('space', undefined, 'synced')).toEqual({ is: 'open' });
  expect(verdictOf('unlisted', { status: 'current' }, 'unknown')).toEqual({ is: 'open' });
});

test('a listing of spaces that contradicts the content removes nothing', () => {
  expect(verdictOf('space', { status: 'current' }, 'unlisted')).toEqual({ is: 'open' });
});

test('a space is archived, in the trash, not listed or left out by the settings', () => {
  const standing = (type: string, status: string, scope = {}) =>
    standingOf({ scope }, { key: 'ENG', type, status });
  const byKey = (values: string[]) =>
    standingOf(
      { filters: { spaceKeys: { operator: 'in', values } } },
      { key: 'ENG', type: 'global', status: 'current' },
    );
  expect(standing('global', 'current')).toBe('synced');
  expect(standing('global', 'archived')).toBe('archived');
  expect(standing('global', 'archived', { archivedSpaces: true })).toBe('synced');
  expect(standing('global', 'trashed')).toBe('trashed');
  expect(standing('global', 'gone')).toBe('unlisted');
  expect(standing('personal', 'current', { personalSpaces: false })).toBe('left out');
  expect(byKey(['ENG'])).toBe('synced');
  expect(byKey(['eng'])).toBe('left out');
  expect(standingOf({}, undefined)).toBe('unknown');
});
