import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cjkText, MAX_CJK_LENGTH } from './cjk.ts';

test.each([
  ['plain words, naïve and Ελληνικά', null],
  ['', null],
  ['Release 版本 3.2 说明', '版本 说明'],
  ['v2版本\nかな カナ ｶﾅ 한국어 x', 'v2版本 かな カナ ｶﾅ 한국어'],
  ['\u1112\u1161\u11ab', '한'],
  ['𠮷野家 a', '𠮷野家'],
])('the runs of %j that need trigrams', (text, expected) => {
  expect(cjkText(text)).toBe(expected);
});

test('the result is bounded and never cuts a character', () => {
  const long = cjkText(`a${'𠮷'.repeat(MAX_CJK_LENGTH)}`)!;
  expect(long.length).toBeLessThanOrEqual(MAX_CJK_LENGTH);
  expect(long.isWellFormed()).toBe(true);
  expect(cjkText('漢 '.repeat(MAX_CJK_LENGTH))!.length).toBeLessThanOrEqual(MAX_CJK_LENGTH);
});

test('every run with such a character is found', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('word', '漢字', 'かな', 'a한b', '12')), (runs) => {
      const wanted = runs.filter((run) => /[^a-z0-9]/.test(run));
      expect(cjkText(runs.join('\n'))).toBe(wanted.length === 0 ? null : wanted.join(' '));
    }),
  );
});
