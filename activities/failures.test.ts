import { expect, test } from '@jest/globals';
import { Forbidden, RateLimited, ServerError } from '../atlassian/errors.ts';
import { NeedsReauth, RefreshFailed } from '../atlassian/token-source.ts';
import { asFailure } from './failures.ts';

const now = new Date('2026-01-01T12:00:00Z');
const evidence = { method: 'GET', path: '/wiki', status: 500, traceId: null };
const seconds = (count: number) => new Date(now.getTime() + count * 1_000);

test('a wait that Atlassian asked for is a timer of that length, however often it was tried', () => {
  const limit = new RateLimited({ retryAt: seconds(1_800), reason: 'quota', quota: true }, evidence);
  const { cause, retryAt } = asFailure(limit, { attempt: 99, now });
  expect(cause).toMatchObject({ type: 'rate_limited', nonRetryable: false, nextRetryDelay: 1_800_000 });
  expect(retryAt).toEqual(seconds(1_800));
});

test.each([
  ['a server error', new ServerError('down', evidence)],
  ['a refresh that did not go through', new RefreshFailed(new Error('down'))],
  ['a lost database', new Error('terminating connection')],
])('%s is tried again for a quarter of an hour', (_name, error) => {
  expect(asFailure(error, { attempt: 1, now })).toMatchObject({
    cause: { nonRetryable: false },
    retryAt: seconds(1),
  });
  expect(asFailure(error, { attempt: 9, now }).retryAt).toEqual(seconds(60));
  expect(asFailure(error, { attempt: 20, now })).toMatchObject({
    cause: { nonRetryable: true },
    retryAt: null,
  });
});

test.each([
  ['a dead grant', new NeedsReauth('revoked'), 'needs_reauth'],
  ['a refusal', new Forbidden('no', evidence), 'forbidden'],
])('%s ends the run at once, by its code', (_name, error, type) => {
  expect(asFailure(error, { attempt: 1, now }).cause).toMatchObject({ type, nonRetryable: true });
});
