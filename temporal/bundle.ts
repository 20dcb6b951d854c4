import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { SluiceError } from '../errors.ts';

/**
 * Bundles workflows/ in a process of its own, which takes about a second: the bundler needs 250 MB that a worker would
 * keep for the rest of its life.
 * @returns the path of the code, and `remove` for when no worker needs it any more.
 * @throws SluiceError `workflows_not_bundled`
 */
export async function bundleWorkflows(): Promise<{ codePath: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-workflows-'));
  const codePath = join(folder, 'workflows.js');
  try {
    // The flags of this process (a test runner's, a supervisor's) are not the bundler's.
    await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), codePath], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new SluiceError('workflows_not_bundled', 'The workflows could not be bundled.', { cause: error });
  }
  return { codePath, remove: () => rm(folder, { recursive: true, force: true }) };
}

if (import.meta.main) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(process.argv[2] ?? '', code);
}
