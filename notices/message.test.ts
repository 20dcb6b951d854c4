import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyOf, nextTry, signMessage } from './message.ts';

const at = new Date('2026-03-01T10:00:00.500Z');
const told = {
  id: 'd1',
  event: 'notice.opened',
  createdAt: at,
  payload: {
    event: 'notice.opened',
    notice: { id: 'n1', code: 'needs_reauth', severity: 'error', message: 'Reauthenticate.' },
    connection: { id: 'c1', name: 'Wiki', siteUrl: 'https://acme.atlassian.net' },
  },
};

test('a message says in one line what a program finds in its fields, and leads to the connection', () => {
  const body = JSON.parse(bodyOf(told, 'https://sluice.example'));
  expect(body).toMatchObject({
    id: 'd1',
    event: 'notice.opened',
    notice: { code: 'needs_reauth' },
    url: 'https://sluice.example/connections/c1',
    text: 'Sluice, Wiki: Reauthenticate. https://sluice.example/connections/c1',
  });
  const closed = JSON.parse(bodyOf({ ...told, event: 'notice.closed' }, 'https://sluice.example'));
  expect(closed.text).toMatch(/^Sluice, Wiki: over: /);
});

test('no name can give a command in the markup of a chat', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const payload = { ...told.payload, connection: { id: 'c1', name: `<!channel>${name}` } };
      const { text } = JSON.parse(bodyOf({ ...told, payload }, 'https://sluice.example'));
      expect(text).not.toMatch(/[<>\n]/);
    }),
  );
});

test('the signature is of the timestamp and the exact body, and the body is the same at each try', () => {
  const first = signMessage('s3cret', told, at, 'https://x');
  const second = signMessage('s3cret', told, new Date(at.getTime() + 60_000), 'https://x');
  expect(second.body).toBe(first.body);
  expect(first.headers['x-sluice-timestamp']).toBe('1772359200');
  for (const { headers, body } of [first, second]) {
    const signed = `${headers['x-sluice-timestamp']}.${body}`;
    const expected = createHmac('sha256', 's3cret').update(signed).digest('hex');
    expect(headers['x-sluice-signature']).toBe(`sha256=${expected}`);
  }
  expect(JSON.stringify(first)).not.toContain('s3cret');
});

test('tries come further and further apart, at most an hour, for a day', () => {
  const wait = (attempts: number) =>
    (nextTry({ attempts, createdAt: at }, { status: 500 }, at, 0)?.getTime() ?? 0) - at.getTime();
  expect([1, 2, 3, 8, 50].map(wait)).toEqual([30_000, 60_000, 120_000, 3_600_000, 3_600_000]);
  const dayLater = new Date(at.getTime() + 86_400_000);
  expect(nextTry({ attempts: 30, createdAt: at }, { status: 500 }, dayLater, 0)).toBeNull();
  expect(nextTry({ attempts: 1, createdAt: at }, { status: 410 }, at, 0)).toBeNull();
});
