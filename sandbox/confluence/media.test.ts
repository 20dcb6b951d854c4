import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serve } from '../../test/contract/serve.ts';
import type { Site } from '../../test/contract/serve.ts';
import { BEN, smallWorld } from '../../test/contract/small-world.ts';

let site: Site;
beforeAll(async () => {
  site = await serve(smallWorld());
});
afterAll(() => site.close());

/** The signed address of a file, without the media host's name. */
async function addressOf(content: string, attachment: string): Promise<string> {
  const path = `/wiki/rest/api/content/${content}/child/attachment/${attachment}/download`;
  const { status, headers } = await site.send(path);
  expect(status).toBe(302);
  const url = new URL(headers.get('location')!);
  expect(url.origin).toBe('https://api.media.atlassian.com');
  return url.pathname + url.search;
}

test('a download leads to the file on the media host, without credentials', async () => {
  const reply = await site.send(await addressOf('101', 'att300'), { as: null });
  expect(reply.text).toBe('hello, file');
  expect(reply.headers.get('content-type')).toContain('text/plain');
});

test('what the caller may not see, or is not on that page, has no address', async () => {
  const path = (content: string, attachment: string): string =>
    `/wiki/rest/api/content/${content}/child/attachment/${attachment}/download`;
  expect((await site.send(path('103', 'att302'), { as: BEN })).status).toBe(404);
  expect((await site.send(path('101', 'att302'))).status).toBe(404);
});

test('an address opens its own file only, and not for ever', async () => {
  const address = await addressOf('120', 'att301');
  expect((await site.send(address.replace('att301', 'att303'))).status).toBe(403);
  expect((await site.send(address.replace('token=', 'token=9'))).status).toBe(403);
  site.context.clock.advance(21 * 60_000);
  expect((await site.send(address)).status).toBe(403);
  site.context.clock.reset();
  expect((await site.send(address)).status).toBe(200);
});

test('made files have their length, are the same every time, and come in ranges', async () => {
  const address = await addressOf('120', 'att301');
  const whole = await site.send(address);
  expect(whole.text).toHaveLength(200_000);
  expect(whole.headers.get('content-length')).toBe('200000');
  for (const [range, from, until] of [
    ['bytes=0-9', 0, 10],
    ['bytes=65530-66000', 65_530, 66_001],
    ['bytes=199990-', 199_990, 200_000],
    ['bytes=-5', 199_995, 200_000],
  ] as const) {
    const part = await site.send(address, { headers: { range } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes ${from}-${until - 1}/200000`);
    expect(part.text).toBe(whole.text.slice(from, until));
  }
  const beyond = await site.send(address, { headers: { range: 'bytes=200000-' } });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
});

test('an empty file is empty', async () => {
  const reply = await site.send(await addressOf('109', 'att306'));
  expect([reply.status, reply.text]).toEqual([200, '']);
});
