import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createLogger } from '../log.ts';
import { errorHandler } from './errors.ts';
import { requestLog } from './request-log.ts';
import { jsonBody } from './security/bodies.ts';

const lines: Record<string, unknown>[] = [];
const written: string[] = [];
const log = createLogger('debug', {
  write(line: string) {
    written.push(line);
    lines.push(JSON.parse(line));
  },
});
const app = express();
app.use(requestLog(log), jsonBody);
app.post('/api/work', async (_req, res) => {
  log.info('at work');
  await new Promise((resolve) => setImmediate(resolve));
  log.info('still at work');
  res.json({});
});
app.post('/api/broken', () => {
  throw new Error('secret inside');
});
app.get('/broken', () => {
  throw new Error('secret inside');
});
app.use(errorHandler({ log, errorPage: (error) => JSON.stringify(error) }));

/** What was logged while a request was answered. */
async function during<T>(work: () => Promise<T>): Promise<[T, Record<string, unknown>[]]> {
  const before = lines.length;
  const answer = await work();
  return [answer, lines.slice(before)];
}

test('every line of a request carries its id, which is the header of the answer, and no other request has it', async () => {
  const [first, logged] = await during(() => request(app).post('/api/work').send({ a: 1 }).expect(200));
  const id = first.get('x-request-id');
  expect(id).toMatch(/^[\da-f-]{36}$/);
  expect(logged.map(({ msg, requestId }) => [msg, requestId])).toEqual([
    ['at work', id],
    ['still at work', id],
    ['request', id],
  ]);
  const [second] = await during(() => request(app).post('/api/work').send({}));
  expect(second.get('x-request-id')).not.toBe(id);
  expect(written.filter((line) => line.split('"requestId"').length > 2)).toEqual([]);
  log.info('later');
  expect(lines.at(-1)).not.toHaveProperty('requestId');
});

test('an id that a proxy gave is kept where it is plain, and nothing else gets into the log by it', async () => {
  const given = await request(app).post('/api/work').set('x-request-id', 'proxy-4711.a');
  expect(given.get('x-request-id')).toBe('proxy-4711.a');
  const odd = await request(app).post('/api/work').set('x-request-id', 'a b"} {"x":1 long enough');
  expect(odd.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
});

test('what failed here tells its id to the caller, in JSON and on a page, and nothing of its inside', async () => {
  const [broken, logged] = await during(() => request(app).post('/api/broken').send({}).expect(500));
  const requestId = broken.get('x-request-id');
  expect(broken.body.error).toMatchObject({ code: 'internal', details: { requestId } });
  expect(broken.text).not.toContain('secret');
  expect(logged.find(({ msg }) => msg === 'A request failed.')).toMatchObject({ requestId });
  const page = await request(app).get('/broken').expect(500);
  expect(page.text).toContain(page.get('x-request-id'));
  const refused = await request(app).post('/api/work').type('form').send('a=1').expect(415);
  expect(refused.body.error).not.toHaveProperty('details');
});
