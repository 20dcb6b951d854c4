import { expect, test } from '@jest/globals';
import { EndpointFailing, Forbidden, RateLimited, ServerError } from '../atlassian/errors.ts';
import { NeedsReauth, RefreshFailed } from '../atlassian/token-source.ts';
import { asFailure } from './failures.ts';

const now = new Date('2026-01-01T12:00:00Z');
const evidence = { method: 'GET', path: '/wiki', status: 500, traceId: null };
const failing = (failures: number, minutes: number) => ({ failures, ms: minutes * 60_000 });
const seconds = (count: number) => new Date(now.getTime() + count * 1_000);

test('a wait that Atlassian asked for is a timer of that length, however often it was tried', () => {
  const limit = new RateLimited({ retryAt: seconds(1_800), reason: 'quota', quota: true }, evidence);
  const { cause, retryAt } = asFailure(limit, { attempt: 99, now, failing: { failures: 0, ms: 0 } });
  expect(cause).toMatchObject({ type: 'rate_limited', nonRetryable: false, nextRetryDelay: 1_800_000 });
  expect(retryAt).toEqual(seconds(1_800));
});

test.each([
  ['a server error', new ServerError('down', evidence)],
  ['a refresh that did not go through', new RefreshFailed(new Error('down'))],
  ['a lost database', new Error('terminating connection')],
])('%s is tried again for half an hour', (_name, error) => {
  expect(asFailure(error, { attempt: 1, now, failing: failing(1, 0) })).toMatchObject({
    cause: { nonRetryable: false },
    retryAt: seconds(1),
  });
  expect(asFailure(error, { attempt: 9, now, failing: failing(9, 29) }).retryAt).toEqual(seconds(60));
  expect(asFailure(error, { attempt: 20, now, failing: failing(10, 30) })).toMatchObject({
    cause: { nonRetryable: true },
    retryAt: null,
  });
});

test.each([
  ['a dead grant', new NeedsReauth('revoked'), 'needs_reauth'],
  ['a refusal', new Forbidden('no', evidence), 'forbidden'],
])('%s ends the run at once, by its code', (_name, error, type) => {
  expect(asFailure(error, { attempt: 1, now, failing: failing(1, 0) }).cause).toMatchObject({
    type,
    nonRetryable: true,
  });
});

test('waits for limits count for nothing, however many: the failure after them is the first', () => {
  const error = new ServerError('down', evidence);
  expect(asFailure(error, { attempt: 400, now, failing: failing(1, 0) })).toMatchObject({
    cause: { nonRetryable: false },
    retryAt: seconds(60),
  });
});

test('few failures end no run, however long ago the first was, nor do many within minutes', () => {
  const error = new ServerError('down', evidence);
  for (const each of [failing(9, 600), failing(200, 29)]) {
    expect(asFailure(error, { attempt: 3, now, failing: each }).cause.nonRetryable).toBe(false);
  }
});

test('an endpoint that is left alone is waited for, and given up in the end like any failure', () => {
  const options = { retryAt: seconds(30), endpoint: 'GET /pages', failure: 'status 503' };
  const error = new EndpointFailing(options, evidence);
  expect(asFailure(error, { attempt: 3, now, failing: failing(3, 2) })).toMatchObject({
    cause: { nonRetryable: false, nextRetryDelay: 30_000 },
    retryAt: seconds(30),
  });
  expect(asFailure(error, { attempt: 30, now, failing: failing(20, 31) })).toMatchObject({
    cause: { type: 'endpoint_failing', nonRetryable: true },
    retryAt: null,
  });
});
