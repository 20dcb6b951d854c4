import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { embeddedKey } from './key-file.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'sluice-key-'));

test("the key is made once, 32 bytes, for its owner's eyes only", () => {
  const folder = fresh();
  const key = embeddedKey(folder);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(embeddedKey(folder)).toBe(key);
  expect(embeddedKey(fresh())).not.toBe(key);
  expect(readdirSync(folder)).toEqual(['encryption.key']);
  expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600);
});

test('a damaged key is not replaced, but told', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'encryption.key'), 'cut off');
  expect(() => embeddedKey(folder)).toThrow(/Put it back from a backup/);
});
