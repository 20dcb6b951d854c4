import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const mostMs = 10 * 60_000;

/** How a run of test files ended. */
export type Outcome =
  | { kind: 'passed' }
  /** By the first test that failed. */
  | { kind: 'failed'; test: string }
  /** No test ran: a file that does not load, or none of that name; or no end was in sight. */
  | { kind: 'broken'; message: string };

interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

/**
 * Runs one test file of a copy of the sources.
 * @param only only tests whose name holds this
 */
export async function runTests(folder: string, file: string, only?: string): Promise<Outcome> {
  const out = join(folder, `mutation-report-${process.hrtime.bigint()}.json`);
  const flags = [
    '--json',
    `--outputFile=${out}`,
    '--testTimeout=120000',
    '--forceExit',
    '--runInBand',
    '--silent',
  ];
  if (only !== undefined) flags.push('--testNamePattern', only.replaceAll(/[^\w ’]/g, '.'));
  await new Promise<void>((resolve) => {
    const jest = join(folder, 'node_modules/jest/bin/jest.js');
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
    execFile(
      process.execPath,
      [...node, ...flags, '--runTestsByPath', file],
      { cwd: folder, timeout: mostMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
      () => resolve(),
    );
  });
  if (!existsSync(out)) return { kind: 'broken', message: 'no report was written within ten minutes' };
  const report = JSON.parse(readFileSync(out, 'utf8')) as Report;
  rmSync(out);
  return outcomeOf(report);
}

function outcomeOf({ testResults }: Report): Outcome {
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'failed', test: failed.fullName };
  const silent = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  const passed = testResults.some(({ assertionResults }) => assertionResults.some(isPassed));
  if (silent !== undefined || !passed)
    return { kind: 'broken', message: silent?.message.slice(0, 300) ?? 'no test was found' };
  return { kind: 'passed' };
}

function isPassed({ status }: { status: string }): boolean {
  return status === 'passed';
}
