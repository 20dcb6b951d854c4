import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCipher, EncryptionError, keyProviderFromKey } from './encryption.ts';

const place = { table: 'grants', row: '5f0c', column: 'access_token' };
const key = randomBytes(32);
const cipher = createCipher(keyProviderFromKey(key));

test('any Unicode text comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(cipher.open(cipher.seal(wellFormed, place), place)).toBe(wellFormed);
    }),
  );
});

test('the same text is sealed differently each time, and is not in the envelope', () => {
  const first = cipher.seal('a secret token', place);
  expect(first.equals(cipher.seal('a secret token', place))).toBe(false);
  expect(first.includes('secret')).toBe(false);
});

test.each([
  { ...place, row: '5f0d' },
  { ...place, column: 'refresh_token' },
  { ...place, table: 'connections' },
  { table: 'grants', row: '5f0c","access_token', column: '' },
])('an envelope does not open at another place: %j', (other) => {
  const envelope = cipher.seal('token', place);
  expect(() => cipher.open(envelope, other)).toThrow(EncryptionError);
});

test('one flipped bit at any byte, and any cut, fails closed', () => {
  const envelope = cipher.seal('token', place);
  for (let index = 0; index < envelope.length; index += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(envelope);
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      expect(() => cipher.open(changed, place)).toThrow(EncryptionError);
    }
    expect(() => cipher.open(envelope.subarray(0, index), place)).toThrow(EncryptionError);
  }
  expect(() => cipher.open(Buffer.concat([envelope, Buffer.from([0])]), place)).toThrow(EncryptionError);
});

test('after a rotation old envelopes open with the old key, and new ones are sealed with the new', () => {
  const old = cipher.seal('token', place);
  const next = randomBytes(32);
  const rotated = createCipher(keyProviderFromKey(next.toString('base64'), [key]));
  expect(rotated.open(old, place)).toBe('token');
  const fresh = rotated.seal('token', place);
  expect(createCipher(keyProviderFromKey(next)).open(fresh, place)).toBe('token');
});

test('a missing key is named, with the cell and the remedy', () => {
  const envelope = cipher.seal('token', place);
  const { id } = keyProviderFromKey(key).current();
  const other = createCipher(keyProviderFromKey(randomBytes(32)));
  expect(() => other.open(envelope, place)).toThrow(
    expect.objectContaining({
      code: 'unknown_encryption_key',
      message: expect.stringMatching(`grants.access_token of row 5f0c.*"${id}".*ENCRYPTION_KEY`),
    }),
  );
});

test.each(['', 'c2hvcnQ=', randomBytes(33).toString('base64')])('%j is refused as a key', (bad) => {
  expect(() => keyProviderFromKey(bad)).toThrow(/32 bytes/);
});

test('no error quotes the text or the key', () => {
  const canary = 'canary-5c1f';
  const envelope = cipher.seal(canary, place);
  envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1;
  try {
    cipher.open(envelope, place);
  } catch (error) {
    const { stack, ...rest } = error as Error;
    const text = `${stack} ${JSON.stringify(rest)}`;
    expect(text).not.toContain(canary);
    expect(text).not.toContain(key.toString('base64'));
  }
  expect.assertions(2);
});
