import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createNoticePost } from './post.ts';
import { startReceiver, type NoticeReceiver } from './receiver.fixture.ts';

let receiver: NoticeReceiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const message = { headers: { 'content-type': 'application/json' }, body: '{}' };

test.each([
  'http://example.com/x',
  'https://127.0.0.1/x',
  'https://10.0.0.1/x',
  'https://[::1]/x',
  'https://2130706433/x',
  'https://user:pass@example.com/x',
  'ftp://example.com',
  'not an address',
])('%s is refused in words', async (url) => {
  const post = createNoticePost({ allowedPrivateHosts: [], env: {} });
  expect(post.refuse(url)).toEqual(expect.any(String));
  expect(await post.post(url, message)).toMatchObject({ ok: false, status: null });
  await post.close();
});

test('a name that resolves into a private range is refused when it is connected to', async () => {
  const post = createNoticePost({
    allowedPrivateHosts: [],
    env: {},
    resolver: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(post.refuse('https://hooks.example.com/x')).toBeNull();
  expect(await post.post('https://hooks.example.com/x', message)).toMatchObject({
    ok: false,
    error: expect.stringContaining('private'),
  });
  await post.close();
});

test('a host that the operator names is reached, its redirects are not followed', async () => {
  const post = createNoticePost({ allowedPrivateHosts: [receiver.host], env: {} });
  expect(await post.post(receiver.url, message)).toEqual({ ok: true, status: 204 });
  receiver.answer = (response) => response.writeHead(302, { location: `${receiver.url}/else` }).end();
  expect(await post.post(receiver.url, message)).toMatchObject({ ok: false, status: 302 });
  expect(receiver.received).toHaveLength(2);
  await post.close();
});

test('a receiver that does not answer is given up in time, and no error quotes the path', async () => {
  const post = createNoticePost({ allowedPrivateHosts: [receiver.host], env: {}, timeoutMs: 200 });
  receiver.answer = () => {};
  const late = await post.post(receiver.url, message);
  expect(late).toMatchObject({ ok: false, error: expect.stringContaining('did not answer') });
  await receiver.close();
  const gone = await post.post(receiver.url, message);
  expect(gone).toMatchObject({ ok: false, error: expect.stringContaining('could not be reached') });
  expect(JSON.stringify([late, gone])).not.toContain('secret-path');
  await post.close();
});
