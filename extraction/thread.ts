import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './refused.ts';
import type { ExtractionLimits, FileToRead } from './types.ts';

/** What a thread is started with: one file, and then it ends. */
export interface ThreadTask {
  file: FileToRead;
  limits: ExtractionLimits;
}

// Each file has a thread of its own, and each thread loads the parsers anew.
enableCompileCache();
const { readFileText } = await import('./read-file.ts');
const { file, limits } = workerData as ThreadTask;
parentPort?.postMessage(await readFileText(file, limits).catch(failureOf), []);
