import { expect, test } from '@jest/globals';
import { credentialWarnings, type WarnedConnection } from './warnings.ts';

const now = new Date('2026-06-01T00:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const plain: WarnedConnection = {
  name: 'Wiki',
  disabled: false,
  consentedAt: null,
  usedAt: null,
  tokenExpiresAt: null,
};
const told = (change: Partial<WarnedConnection>) =>
  credentialWarnings({ ...plain, ...change }, now).map(({ code, subject }) => `${code} ${subject}`);

test.each([
  [{ usedAt: days(-75) }, []],
  [{ usedAt: days(-77) }, ['consent_expires unused']],
  [{ consentedAt: days(-350) }, []],
  [{ consentedAt: days(-352) }, ['consent_expires year']],
  [{ consentedAt: days(-352), usedAt: days(-77) }, ['consent_expires unused', 'consent_expires year']],
  [{ tokenExpiresAt: days(15) }, []],
  [{ tokenExpiresAt: days(13) }, ['token_expires soon']],
  [{ tokenExpiresAt: days(0.5) }, ['token_expires today']],
  [{ tokenExpiresAt: days(-3) }, ['token_expires today']],
] as [Partial<WarnedConnection>, string[]][])('%j is warned of: %j', (change, expected) => {
  expect(told(change)).toEqual(expected);
});

test('a disabled connection is told to be enabled, and what is not documented is said to be so', () => {
  const [unused] = credentialWarnings({ ...plain, disabled: true, usedAt: days(-80) }, now);
  expect(unused?.message).toMatch(/ends on 2026-06-11.*Enable the connection/);
  const [year] = credentialWarnings({ ...plain, consentedAt: days(-360) }, now);
  expect(year?.message).toMatch(/not documented/);
});
