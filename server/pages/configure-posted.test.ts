import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import { postedConfigure } from './configure-posted.ts';

const posted = (body: object) => postedConfigure({ body } as Request);

test('what was ticked stands behind what was typed, each once, and nothing typed is lost', () => {
  expect(
    posted({ spaceKeys: 'HR,ENG\nhttps://x/y', pickSpace: ['ENG', 'OPS'], authors: '', pickAuthor: 'a:1' }),
  ).toMatchObject({
    spaceKeys: 'HR,ENG\nhttps://x/y\nOPS',
    authors: 'a:1',
  });
  expect(posted({ pickSpace: 'OPS' })).toMatchObject({ spaceKeys: 'OPS', authors: '' });
});

test('lists of thousands come whole, lines do not grow without end, and bytes that no database takes are left out', () => {
  const ids = Array.from({ length: 5_000 }, (_, n) => String(1_000_000_000 + n)).join('\n');
  const { pageIds, cron } = posted({ pageIds: `${ids}\0`, cron: 'x'.repeat(9_000) });
  expect(pageIds).toBe(ids);
  expect(cron).toHaveLength(500);
});

test('fields that came twice or as something else are empty', () => {
  expect(posted({ labels: ['a', 'b'], pageIds: { a: 'b' } })).toMatchObject({ labels: '', pageIds: '' });
});
