// One file, and then the thread ends. Plain JavaScript, and what it loads from a cache of compiled code: stripping types
// and compiling would take more than reading most files does.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const { file, limits, codeFolder } = workerData;
if (codeFolder !== null) enableCompileCache(codeFolder);
const { failureOf } = await import('./refused.ts');
const { readFileText } = await import('./read-file.ts');
const found = await readFileText(file, limits).catch(failureOf);
// Before the answer, which ends the thread. Once stored, this stores nothing again.
if (codeFolder !== null) flushCompileCache();
parentPort?.postMessage(found, []);
