import { expect, test } from '@jest/globals';
import type { StoredRecord } from '../../store/records-stored.ts';
import { judge, judgeListed } from './news.ts';

const place = { spaceId: '1', parentId: '2', containerId: null, status: 'current', url: 'https://a' };
const stored: StoredRecord = {
  ...place,
  digest: 'of its body',
  title: 'Plan',
  version: 3,
  state: 'indexed',
  bodyDue: false,
  hidden: false,
};
const listed = { ...place, version: 3, title: 'Plan' };

test('of a page listed without its body, version and title tell whether it changed', () => {
  expect(judgeListed(stored, listed)).toEqual({ changed: false, news: false, changes: [] });
  expect(judgeListed(stored, { ...listed, version: 4 })).toMatchObject({ changed: true, news: true });
  expect(judgeListed(stored, { ...listed, title: 'Plans' })).toMatchObject({ changed: true, news: true });
  expect(judgeListed(undefined, listed)).toMatchObject({ changed: true, news: true, changes: [] });
});

test('a move is news of what is left out and never had a body, too, and nobody is told of it', () => {
  const moved = { ...listed, parentId: '9' };
  expect(judgeListed(stored, moved)).toEqual({ changed: false, news: true, changes: ['moved'] });
  const out = { ...stored, state: 'filtered' as const, digest: '', bodyDue: true };
  expect(judgeListed(out, moved)).toEqual({ changed: false, news: true, changes: [] });
});

test('a body that is missing is written though it is the one of before; of what is left out it is not', () => {
  const item = { ...place, digest: 'of its body', title: 'Plan' };
  expect(judge(stored, item)).toMatchObject({ changed: false, news: false });
  expect(judge({ ...stored, bodyDue: true }, item)).toMatchObject({ changed: true, news: true });
  expect(judge({ ...stored, state: 'waiting', bodyDue: true }, item)).toMatchObject({
    changed: true,
    changes: ['added'],
  });
  expect(judge({ ...stored, state: 'filtered', bodyDue: true }, item)).toMatchObject({ changed: false });
});
