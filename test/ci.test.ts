import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../.ci/run', import.meta.url));

/** Runs .ci/run in a checkout whose `npm test` writes these results (none: it crashes before) and ends with `status`. */
function ci(results: object | undefined, status: number) {
  const checkout = mkdtempSync(join(tmpdir(), 'sluice-ci-'));
  for (const folder of ['.ci', 'bin']) mkdirSync(join(checkout, folder));
  copyFileSync(script, join(checkout, '.ci', 'run'));
  const write =
    results === undefined ? '' : `printf '%s' '${JSON.stringify(results)}' > .sluice/test-results.json`;
  writeFileSync(join(checkout, 'bin', 'npm'), `#!/bin/sh\n${write}\necho tests ran\nexit ${status}\n`, {
    mode: 0o755,
  });
  const { stdout, status: code } = spawnSync(join(checkout, '.ci', 'run'), {
    encoding: 'utf8',
    env: { PATH: `${checkout}/bin:${dirname(process.execPath)}:/usr/bin:/bin`, CHROMIUM_PATH: '/bin/sh' },
  });
  return { last: stdout.trimEnd().split('\n').at(-1), code };
}

const counts = (numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites = 0) => ({
  numPassedTests,
  numFailedTests,
  numRuntimeErrorTestSuites,
});

test.each([
  ['all passed', counts(12, 0), 0, '12 passed, 0 failed', 0],
  ['some failed', counts(10, 2), 1, '10 passed, 2 failed', 1],
  ['a file that could not be run', counts(10, 0, 1), 1, '10 passed, 1 failed', 1],
  ['a failure after the last test', counts(10, 0), 1, '10 passed, 1 failed', 1],
  ['no test at all', counts(0, 0), 0, '0 passed, 0 failed', 1],
  ['a crash before the first test', undefined, 1, '0 passed, 1 failed', 1],
])('the last line tells the outcome: %s', (_what, results, status, last, code) => {
  expect(ci(results, status)).toEqual({ last, code });
});
