import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractor } from '../extraction/extractor.ts';
import { sampleEndings, sampleFile } from '../sandbox/world/files/sample.ts';
import { connect, measure } from './load.ts';
import type { Rig } from './rig.ts';
import { company } from './scenarios.ts';
import type { Row } from './table.ts';

type Say = (line: string) => void;

/** Files of every kind, on disk already: what reading them alone takes. */
export async function extractionRow(say: Say): Promise<Row> {
  const count = 240;
  say(`Reading ${count} files of ${sampleEndings.length} kinds`);
  const folder = await mkdtemp(join(tmpdir(), 'bench-files-'));
  try {
    const lines = Array.from(
      { length: 400 },
      (_, at) => `${at + 1}. The new board draws less current while idle.`,
    );
    const files = await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const ending = sampleEndings[n % sampleEndings.length] ?? 'txt';
        const { title, mediaType, bytes } = sampleFile(ending, `file-${n}`, lines);
        const path = join(folder, title);
        await writeFile(path, bytes);
        return { path, name: title, mediaType };
      }),
    );
    const extractor = createExtractor();
    // The first of each kind loads its parser from disk.
    await Promise.all(files.slice(0, sampleEndings.length).map((file) => extractor.extract(file)));
    const started = performance.now();
    const found = await Promise.all(files.map((file) => extractor.extract(file)));
    const seconds = (performance.now() - started) / 1_000;
    const failed = found.filter(({ ok }) => !ok).length;
    if (failed > 0) throw new Error(`${failed} of ${count} files could not be read.`);
    return {
      what: `attachment text: reading files of ${sampleEndings.length} kinds, 20 KB of text each, a thread for each`,
      measured: `${(count / seconds).toFixed(0)} files/s on ${availableParallelism()} cores`,
      reach: '',
      reached: null,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The same pages as the full load's, twice: with images, whose text nobody reads, and with documents. What the second
 * takes longer is downloads, reading and storing.
 */
export async function attachmentTextRow(rig: Rig, say: Say): Promise<Row> {
  const pages = 500;
  const world = { ...company, spaces: 5, pagesPerSpace: pages / 5 };
  await rig.control('PATCH', '/options', { latencyMs: 0 });
  const worker = await rig.startWorker();
  try {
    say(`Loading ${pages} pages with an image each, then with a document each`);
    await rig.control('POST', '/world/generate', world);
    const images = await measure(rig, await connect(rig), 'full', worker.pid);
    await rig.control('POST', '/world/generate', { ...world, files: 'documents' });
    const documents = await measure(rig, await connect(rig), 'full', worker.pid);
    const seconds = documents.seconds - images.seconds;
    const requests = documents.requests - images.requests;
    return {
      what: 'attachment text: downloaded, read, stored and searchable, in a full load',
      measured: `${(pages / seconds).toFixed(0)} files/s; ${(requests / pages).toFixed(2)} requests and ${((documents.points - images.points) / pages).toFixed(2)} points a file; peak ${documents.peakMb.toFixed(0)} MB`,
      reach: '',
      reached: null,
    };
  } finally {
    await worker.stop();
  }
}
