import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import { makeCodeFolder } from './code-folder.ts';
import {
  defaultLimits,
  type Extraction,
  type ExtractionFailure,
  type ExtractionLimits,
  type FileToRead,
} from './types.ts';

/** Reads the text of files, a few at a time. */
export interface Extractor {
  /**
   * The text of one file, or why it has none: a file never makes this throw, whatever is in it.
   * @throws the signal's reason
   */
  extract(file: FileToRead, signal?: AbortSignal): Promise<Extraction>;
}

/** What a thread is started with. */
interface ThreadTask {
  file: FileToRead;
  limits: ExtractionLimits;
  codeFolder: string | null;
}

/** Hostile files take all that they may: two of them leave a worker within a gigabyte. */
const mostThreads = 2;
const thread = new URL('./thread.mjs', import.meta.url);
const lookEveryMs = 100;

/**
 * Each file is read by a thread of its own, which is ended after it: nothing of one file is left when the next is read,
 * and this process parses none of their bytes. A thread has a heap, buffers and a time of its own, and is ended when it
 * takes more.
 */
export function createExtractor(
  options: { threads?: number; limits?: Partial<ExtractionLimits> } = {},
): Extractor {
  const limits = { ...defaultLimits, ...options.limits };
  let codeFolder: string | null | undefined;
  const queue = new PQueue({ concurrency: options.threads ?? Math.min(mostThreads, availableParallelism()) });
  return {
    async extract(file, signal) {
      signal?.throwIfAborted();
      codeFolder ??= makeCodeFolder();
      return queue.add(() => readInThread({ file, limits, codeFolder: codeFolder ?? null }, signal));
    },
  };
}

async function readInThread(task: ThreadTask, signal: AbortSignal | undefined): Promise<Extraction> {
  signal?.throwIfAborted();
  const { limits } = task;
  const worker = new Worker(thread, {
    workerData: task,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  const ends: (() => void)[] = [];
  try {
    return await new Promise<Extraction>((resolve, reject) => {
      const fail = (code: ExtractionFailure['code'], message: string) =>
        resolve({ ok: false, code, message });
      const late = setTimeout(
        () =>
          fail('took_too_long', `Reading the file took longer than ${limits.deadlineMs / 1_000} seconds.`),
        limits.deadlineMs,
      );
      const watch = watchBuffers(worker, limits, () =>
        fail('too_large', 'Reading the file takes more memory than one file may have.'),
      );
      const giveUp = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', giveUp, { once: true });
      ends.push(
        () => clearTimeout(late),
        watch,
        () => signal?.removeEventListener('abort', giveUp),
      );
      worker.once('message', resolve);
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
          fail('too_large', 'Reading the file takes more memory than one file may have.');
        } else fail('broken', 'The file broke the program that reads it.');
      });
      worker.once('exit', () => fail('broken', 'The file broke the program that reads it.'));
    });
  } finally {
    for (const end of ends) end();
    await worker.terminate();
  }
}

/** Buffers are outside the heap that V8 bounds: they are looked at while the thread works. */
function watchBuffers(worker: Worker, { buffersMb }: ExtractionLimits, exceeded: () => void): () => void {
  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    // Without statistics the thread has ended meanwhile.
    const statistics = await worker.getHeapStatistics().catch(() => null);
    isLooking = false;
    if (statistics !== null && statistics.external_memory > buffersMb * 1024 * 1024) exceeded();
  }
  const timer = setInterval(() => void look(), lookEveryMs);
  return () => clearInterval(timer);
}
