import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { convertStorage } from './convert.ts';
import { CONTEXT } from './test-context.ts';
import { brokenStructure, firstLost, wordsOf } from './test-words.ts';

const recorded = new URL('../../../shared/recorded/', import.meta.url);
const folders = ['storage-real/', 'storage-made/'].map((name) => new URL(name, recorded));
const present = folders.every((folder) => existsSync(folder));

if (present || process.env.CI === 'true') {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.xhtml'))
      .map((name) => [name, new URL(name, folder)] as const),
  );

  test('there are recorded pages', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  test.each(files)('no word of %s is lost, and its Markdown is sound', (_, file) => {
    const body = readFileSync(file, 'utf8');
    const { markdown, text, warnings } = convertStorage(body, CONTEXT);
    expect(firstLost(wordsOf(body), text)).toBeNull();
    expect(brokenStructure(markdown)).toBeNull();
    expect(text).not.toMatch(/<\/?(?:p|ac:|ri:|div|span)/);
    expect(warnings).toEqual([]);
  });
} else {
  // oxlint-disable-next-line jest/no-disabled-tests -- the recorded pages are not in this repository
  test.skip('recorded pages convert (skipped: ../shared/recorded is not here)', () => {});
}
