import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { unlimitedBudget } from '../budget.ts';
import { apiTokenCredential } from '../credential.ts';
import { ServerError } from '../errors.ts';
import { sendJson, startServer, type TestServer } from '../server.fixture.ts';
import { all } from './site.fixture.ts';
import { createListing } from './listing.ts';
import { createConfluenceReader } from './reader.ts';
import { listOf } from './wire.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** A reader over a server that answers each request's URL by `answer`. */
async function readerOver(answer: (url: URL) => unknown) {
  const server = await startServer((request, response) =>
    sendJson(response, 200, answer(new URL(request.url, 'https://acme.atlassian.net'))),
  );
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: 'b' });
  const reader = createConfluenceReader({ http: server.http, credential, budget: unlimitedBudget() });
  const urls = () => server.seen.map(({ url }) => new URL(url, 'https://acme.atlassian.net'));
  return { reader, urls };
}

const version = { number: 1, createdAt: '2026-03-26T15:40:00.000Z', authorId: 'ada' };
const page = (id: string) => ({
  id,
  status: 'current',
  title: `Page ${id}`,
  spaceId: '7',
  createdAt: '2026-03-26T15:40:00.000Z',
  version,
});

/** Batches of one page each, linked by `next`: what each cursor leads to. */
const chain = (links: Record<string, string | null>) => (url: URL) => {
  const cursor = url.searchParams.get('cursor') ?? 'start';
  const next = links[cursor];
  const path = `/wiki/api/v2/pages?limit=250&cursor=${next}`;
  return { results: [page('1')], _links: next == null ? {} : { next: path } };
};

test('listings ask for 250 by cursor and end where no link is', async () => {
  const { reader, urls } = await readerOver(chain({ start: 'a', a: 'b', b: null }));
  expect(await all((cursor) => reader.listPages({ cursor, body: true, spaceIds: ['7', '8'] }))).toHaveLength(
    3,
  );
  expect(urls().map(({ searchParams }) => searchParams.get('cursor'))).toEqual([null, 'a', 'b']);
  expect(urls()[0]?.search).toBe('?space-id=7&space-id=8&body-format=storage&limit=250');
});

test.each([
  ['to itself', { start: 'a', a: 'a' }],
  ['to an earlier batch', { start: 'a', a: 'b', b: 'c', c: 'a' }],
])('a next link that leads %s is an error, and requests stay bounded', async (_name, links) => {
  const { reader, urls } = await readerOver(chain(links));
  await expect(all((cursor) => reader.listPages({ cursor, body: false }))).rejects.toMatchObject({
    code: 'cursor_loop',
  });
  expect(urls().length).toBeLessThanOrEqual(4);
});

test('going back to an earlier cursor, as a retry does, is no loop', async () => {
  const { reader } = await readerOver(chain({ start: 'a', a: 'b', b: 'c', c: null }));
  for (const cursor of [null, 'a', 'b', 'a', 'a', 'b', 'c', null, 'a']) {
    await reader.listPages({ cursor, body: false });
  }
});

test('two listings do not disturb each other', async () => {
  const { reader } = await readerOver(chain({ start: 'a', a: 'b', b: null }));
  await reader.listPages({ cursor: null, body: false });
  await reader.listPages({ cursor: null, body: false, spaceIds: ['7'] });
  await reader.listPages({ cursor: 'a', body: false });
  await reader.listPages({ cursor: 'a', body: false, spaceIds: ['7'] });
});

test('empty batches are passed through, an empty one that points to itself ends, and endless ones are an error', async () => {
  const ending = await readerOver((url) => ({
    results: url.searchParams.get('cursor') === null ? [page('1')] : [],
    _links: { next: '/wiki/api/v2/pages?cursor=a' },
  }));
  expect(await all((cursor) => ending.reader.listPages({ cursor, body: false }))).toHaveLength(1);

  const gap = await readerOver((url) => {
    const cursor = Number(url.searchParams.get('cursor') ?? 0);
    const results = cursor === 2 ? [page('1')] : [];
    return { results, _links: cursor < 3 ? { next: `/wiki/api/v2/pages?cursor=${cursor + 1}` } : {} };
  });
  expect(await all((cursor) => gap.reader.listPages({ cursor, body: false }))).toHaveLength(1);

  const endless = await readerOver((url) => {
    const cursor = Number(url.searchParams.get('cursor') ?? 0);
    return { results: [], _links: { next: `/wiki/api/v2/pages?cursor=${cursor + 1}` } };
  });
  await expect(all((cursor) => endless.reader.listPages({ cursor, body: false }))).rejects.toMatchObject({
    code: 'cursor_loop',
  });
  expect(endless.urls().length).toBeLessThan(30);
});

test.each([
  'https://evil.example/wiki/api/v2/pages?cursor=a',
  '//evil.example/wiki/api/v2/pages?cursor=a',
  'https://acme.atlassian.net.evil.example/x?cursor=a',
  'https://other.atlassian.net/wiki/api/v2/pages?cursor=a',
])('a next link to another host is refused: %s', async (next) => {
  const { reader, urls } = await readerOver(() => ({ results: [page('1')], _links: { next } }));
  await expect(all((cursor) => reader.listPages({ cursor, body: false }))).rejects.toMatchObject({
    code: 'refused_url',
  });
  expect(urls()).toHaveLength(1);
});

test.each([
  '/wiki/api/v2/pages?cursor=a',
  '/rest/api/content/search?cursor=a',
  'https://acme.atlassian.net/wiki/api/v2/pages?cursor=a',
  'https://api.atlassian.com/ex/confluence/c1/wiki/api/v2/pages?cursor=a',
])('only the cursor is taken from %s', async (next) => {
  const { reader } = await readerOver(() => ({ results: [page('1')], _links: { next } }));
  expect((await reader.listPages({ cursor: null, body: false })).next).toBe('a');
});

test('a cursor with signs of its own comes back as it was', async () => {
  const cursor = '{"id":"1+2/3==&x","contentOrder":"id"}';
  const { reader, urls } = await readerOver(() => ({
    results: [page('1')],
    _links: { next: `/wiki/api/v2/pages?cursor=${encodeURIComponent(cursor)}` },
  }));
  const { next } = await reader.listPages({ cursor: null, body: false });
  expect(next).toBe(cursor);
  await reader.listPages({ cursor: 'x"&=', body: false });
  expect(urls()[1]?.searchParams.get('cursor')).toBe('x"&=');
});

test('groups are read to the end where the server caps its pages without a word', async () => {
  const { reader, urls } = await readerOver((url) => {
    const start = Number(url.searchParams.get('start'));
    const results = Array.from({ length: Math.min(50, 120 - start) }, (_, index) => ({
      id: `g${start + index}`,
      name: 'group',
    }));
    return { results, start, limit: 50, size: results.length, _links: {} };
  });
  expect(await reader.listGroups({ accessType: 'user' })).toHaveLength(120);
  expect(urls().map(({ searchParams }) => searchParams.get('start'))).toEqual(['0', '50', '100']);
});

test('what is too large for one answer is asked for in smaller ones, which grow again', async () => {
  const limits: number[] = [];
  const server = await startServer(
    (request, response) => {
      const { searchParams } = new URL(request.url, 'https://acme.atlassian.net');
      const [limit, cursor] = [Number(searchParams.get('limit')), searchParams.get('cursor')];
      limits.push(limit);
      // Of the first items only a handful fits into an answer; behind them stand short ones.
      const results = Array.from({ length: cursor === null ? limit : 1 }, (_, at) => ({
        ...page(`${at + 1}`),
        title: 'x'.repeat(cursor === null ? 200 : 1),
      }));
      const next = cursor === null ? 'a' : cursor === 'a' ? 'b' : null;
      const links = next === null ? {} : { next: `/wiki/api/v2/pages?cursor=${next}` };
      sendJson(response, 200, { results, _links: links });
    },
    { sizeCap: 2_000 },
  );
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: 'b' });
  const reader = createConfluenceReader({ http: server.http, credential, budget: unlimitedBudget() });
  await all((cursor) => reader.listPages({ cursor, body: false }));
  expect(limits).toEqual([250, 62, 15, 3, 6, 12]);
});

test('what takes the gateway too long is asked for in smaller answers once, and then left to a later try', async () => {
  const limits: unknown[] = [];
  const listing = createListing({
    siteUrl: 'https://acme.atlassian.net',
    download: () => Promise.reject(new Error('A listing downloads nothing.')),
    call({ query }) {
      limits.push(query?.['limit']);
      return Promise.reject(
        new ServerError('The gateway gave up.', { method: 'GET', path: '/', status: 504, traceId: null }),
      );
    },
  });
  const ask = listing.batch({
    path: '/wiki/api/v2/pages',
    query: {},
    cursor: null,
    item: z.object({ id: z.string() }),
    kind: 'core',
    list: listOf,
    map: ({ id }) => id,
  });
  await expect(ask).rejects.toThrow('The gateway gave up.');
  expect(limits).toEqual([250, 62]);
});
