import { expect, test } from '@jest/globals';
import { fieldSources, mappedFields, type FieldFacts } from './fields.ts';

const facts: FieldFacts = {
  title: 'Restore',
  type: 'page',
  url: 'https://acme.atlassian.net/wiki/spaces/ENG/pages/1',
  status: 'current',
  version: 3,
  author: { accountId: 'a1', name: 'Ada' },
  space: { key: 'ENG', name: 'Engineering' },
  labels: ['runbook', 'billing'],
  createdAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: '2026-02-01T00:00:00.000Z',
};
const bare: FieldFacts = {
  ...facts,
  author: null,
  space: null,
  labels: [],
  createdAt: null,
  modifiedAt: null,
};

test('every source gives what is stored', () => {
  const all = Object.fromEntries(fieldSources.map((from) => [`of_${from}`, { from }]));
  expect(mappedFields(all, facts)).toEqual({
    of_title: 'Restore',
    of_creator: 'Ada',
    of_created: '2026-01-01T00:00:00.000Z',
    of_lastModified: '2026-02-01T00:00:00.000Z',
    of_labels: ['runbook', 'billing'],
    of_space: 'ENG',
    of_spaceName: 'Engineering',
    of_status: 'current',
    of_type: 'page',
    of_version: 3,
    of_url: facts.url,
  });
});

test('what is missing has its default, or is null', () => {
  const fields = {
    who: { from: 'creator', default: 'nobody' },
    labels: { from: 'labels', default: 'none' },
    space: { from: 'space' },
  };
  expect(mappedFields(fields, bare)).toEqual({ who: 'nobody', labels: 'none', space: null });
  expect(mappedFields(fields, facts)).toEqual({ who: 'Ada', labels: facts.labels, space: 'ENG' });
});

test('somebody without a name is told by the account', () => {
  const author = { accountId: 'a1', name: ' ' };
  expect(mappedFields({ who: { from: 'creator' } }, { ...facts, author })).toEqual({ who: 'a1' });
});

test('a source that is not known gives the default', () => {
  expect(mappedFields({ a: { from: 'later', default: 'x' }, b: { from: 'constructor' } }, facts)).toEqual({
    a: 'x',
    b: null,
  });
});

test('no mapping, no fields', () => {
  expect(mappedFields(undefined, facts)).toEqual({});
});

test.each([[null], ['title'], [7], [{ from: 7, default: {} }], [[]]])(
  'a rule that is %j gives null',
  (rule) => {
    expect(mappedFields({ a: rule as never }, facts)).toEqual({ a: null });
  },
);
