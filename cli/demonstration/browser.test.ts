import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBrowser, fieldOf, messageOf } from './browser.ts';

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://server');
  if (pathname === '/start') {
    response.writeHead(303, { 'set-cookie': 'sid=a=b; Path=/; HttpOnly', location: '/page' }).end();
  } else if (pathname === '/page') {
    response.end(
      `<form><input type="hidden" name="transaction" value="x&#38;y"></form>${request.headers.cookie}`,
    );
  } else if (pathname === '/form') {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => response.end(`<p role="status">${body} ${request.headers.cookie}</p>`));
  } else {
    response.writeHead(302, { location: '/round' }).end();
  }
});
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('redirects are followed, cookies kept, forms sent from the page where they stand', async () => {
  const browser = createBrowser();
  const page = await browser.open(`${base}/start`);
  expect(page).toMatchObject({ url: `${base}/page`, status: 200, html: expect.stringContaining('sid=a=b') });
  expect(fieldOf(page, 'transaction')).toBe('x&y');
  expect(fieldOf(page, 'absent')).toBeUndefined();
  const answer = await browser.submit(page, '/form', { decision: 'accept' });
  expect(messageOf(answer)).toBe('decision=accept sid=a=b');
});

test('a ring of redirects ends', async () => {
  await expect(createBrowser().open(`${base}/round`)).rejects.toThrow(/More than 10 redirects/);
});
