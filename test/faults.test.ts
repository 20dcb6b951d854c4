import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './imports.ts';

/** The faults that a sync must bear; those of parts that are not there yet have no row. */
const numbers = [...Array.from({ length: 40 }, (_, at) => at + 1), 42, 43, 45, 46, 47, 48, 52, 53];

interface Row {
  number: number;
  fault: string;
  answer: string;
  tests: { file: string; name: string }[];
}

const rows: Row[] = readFileSync(join(root, 'docs/faults.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| *\d+ *\|/.test(line))
  .map((line) => {
    const [number = '', fault = '', answer = '', tests = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    const named = tests.split('<br>').map((each) => {
      const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(each.trim()) ?? [];
      return { file, name };
    });
    return { number: Number(number), fault, answer, tests: named };
  });

test('each fault has a row, in order, with what happens and with a test', () => {
  expect(rows.map(({ number }) => number)).toEqual(numbers);
  expect(rows.filter((row) => row.fault === '' || row.answer === '')).toEqual([]);
  expect(rows.filter(({ tests }) => tests.some(({ file, name }) => file === '' || name === ''))).toEqual([]);
});

test('each test that is named exists under its name, and runs', () => {
  const missing = rows.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, name }) => {
        if (!existsSync(join(root, file)) || !file.endsWith('.test.ts')) return true;
        // Without a Chromium these are left out, which CI takes for a failure.
        const source = readFileSync(join(root, file), 'utf8').replace(
          'hasChromium() ? describe : describe.skip',
          '',
        );
        return (
          !["'", '`'].some((quote) => source.includes(`${quote}${name}${quote}`)) ||
          /\b(test|describe)\.(skip|only)\b/.test(source)
        );
      })
      .map(({ file, name }) => `${number}: ${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});
