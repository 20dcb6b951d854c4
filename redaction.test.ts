import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact } from './redaction.ts';

const tokenCharacters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-'];
const body = (least: number) =>
  fc
    .array(fc.constantFrom(...tokenCharacters), { minLength: least, maxLength: 80 })
    .map((letters) => letters.join(''));
const base64 = fc
  .uint8Array({ minLength: 12, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

/** A secret, and a text of the form in which it travels. */
const travelling: fc.Arbitrary<{ secret: string; text: string }> = fc.oneof(
  body(12).map((secret) => ({ secret, text: `Authorization: Bearer ${secret}` })),
  base64.map((secret) => ({ secret, text: `authorization: basic ${secret}` })),
  body(20).map((secret) => ({ secret: `ATATT3x${secret}`, text: `ATATT3x${secret}` })),
  body(20).map((secret) => ({ secret: `ATOA${secret}`, text: `the secret ATOA${secret}.` })),
  fc.tuple(body(6), body(6), body(6)).map(([head, claims, sign]) => ({
    secret: `eyJ${head}.${claims}.${sign}`,
    text: `eyJ${head}.${claims}.${sign}`,
  })),
  fc
    .tuple(fc.constantFrom('slc', 'whsec'), body(20))
    .map(([prefix, secret]) => ({ secret, text: `${prefix}_${secret}` })),
  fc
    .tuple(fc.constantFrom('refresh_token', 'client_secret', 'code', 'accessToken', 'password'), body(12))
    .chain(([name, secret]) =>
      fc.constantFrom(
        { secret, text: `https://auth.example.org/token?a=1&${name}=${secret}&b=2` },
        { secret, text: JSON.stringify({ grant: 'x', [name]: secret }) },
        { secret, text: JSON.stringify({ body: JSON.stringify({ [name]: secret }) }) },
        { secret, text: `${name}=${secret}` },
      ),
    ),
  fc
    .tuple(body(5), body(8))
    .map(([user, secret]) => ({ secret, text: `http://${user}:${secret}@proxy.example.org:3128/` })),
  body(8).chain((name) =>
    fc.constantFrom(
      {
        secret: `${name}@example.org`,
        text: `https://x.atlassian.net/wiki/rest/api/user?email=${name}@example.org`,
      },
      { secret: `${name}%40example.org`, text: `/search?limit=5&who=${name}%40example.org&start=0` },
    ),
  ),
);
const words = fc.array(
  fc.constantFrom('The', 'page', 'could', 'not', 'be', 'read', '(403)', ':', '“a”', 'é', '\n'),
  {
    maxLength: 6,
  },
);

test('no secret comes through, whatever stands around it', () => {
  fc.assert(
    fc.property(words, travelling, words, (before, { secret, text }, after) => {
      expect(redact([...before, text, ...after].join(' '))).not.toContain(secret);
    }),
    { numRuns: 2_000 },
  );
});

test('redacting twice is redacting once', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        travelling.map(({ text }) => text),
      ),
      (text) => {
        expect(redact(redact(text))).toBe(redact(text));
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  'The permissions of space ENG could not be read, so nobody sees it. Atlassian answered 403.',
  'GET /wiki/api/v2/pages?cursor=eyJpZCI6IjEyMyJ9&limit=250&body-format=storage',
  'https://acme.atlassian.net/wiki/spaces/ENG/pages/4711/Basic+authentication+for+beginners',
  'Use Basic authentication with an email and a token.',
  'ines.okafor@acme.example consented as another account.',
  'The consent lacks these scopes: read:space:confluence, offline_access.',
  'trace 5b1f7a0c9d2e4c5f8a7b6c5d4e3f2a1b, code 429, tokens left: 12',
  'unauthorized: Atlassian does not know this pair of email and API token.',
])('what is no secret stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});
