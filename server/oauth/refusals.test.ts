import { expect, test } from '@jest/globals';
import { NetworkFailure, Unauthorized } from '../../atlassian/errors.ts';
import { refusalOfCallback, refusalOfFailure } from './refusals.ts';
import { CodeRefused, ProfileRefused } from './strategy.ts';

const callback = 'https://sluice.example/oauth/atlassian/callback';
const evidence = { method: 'GET', path: '/me', status: null, traceId: null };

test.each([
  ['access_denied', 'User did not authorize the request', 'consent_declined'],
  ['unauthorized_client', 'Callback URL mismatch. x is not in the list', 'callback_mismatch'],
  ['unauthorized_client', 'Unknown client', 'wrong_client'],
  ['invalid_scope', '', 'missing_scopes'],
  ['server_error', '', 'authorization_failed'],
])("the callback's error %s (%s) is %s", (error, description, code) => {
  expect(refusalOfCallback(error, description, callback).code).toBe(code);
});

test("what stands in the callback's URL is not repeated raw", () => {
  const { message } = refusalOfCallback('<script>alert(1)</script>', '<b>', callback);
  expect(message).not.toMatch(/[<>]/);
});

test.each([
  [new CodeRefused({ kind: 'wrong_client', cause: 'access_denied' }), 'wrong_client'],
  [new CodeRefused({ kind: 'dead', cause: 'invalid_grant' }), 'code_refused'],
  [
    new CodeRefused({ kind: 'transient', error: new NetworkFailure('No answer', evidence) }),
    'atlassian_unreachable',
  ],
  [new ProfileRefused('x', { cause: new Unauthorized('No', evidence) }), 'identity_unreadable'],
  [new ProfileRefused('x', { cause: new NetworkFailure('No answer', evidence) }), 'atlassian_unreachable'],
])('%p is told as %s', (failure, code) => {
  expect(refusalOfFailure(failure)?.code).toBe(code);
});

test('a defect of ours is no refusal', () => {
  expect(refusalOfFailure(new TypeError('x'))).toBeNull();
});
