import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { neverAnswered } from './calls-reporter.ts';

test('calls that no test was answered by are named; a run that describes none is not believed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-calls-'));
  const file = join(folder, 'calls');
  try {
    expect(neverAnswered(file)).toEqual(['(no call is described)']);
    writeFileSync(file, 'described getUser\ndescribed getSearch\nanswered getUser\nanswered getUser\n');
    expect(neverAnswered(file)).toEqual(['getSearch']);
    writeFileSync(file, 'answered getSearch\n', { flag: 'a' });
    expect(neverAnswered(file)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
