import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'sluice-files-';
/** What a worker that was killed has left behind. */
const abandonedAfterMs = 24 * 3_600_000;

/** A folder for files that are read and thrown away; only this process may look into it. */
export async function makeTempFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  await removeAbandoned();
  const path = await mkdtemp(join(tmpdir(), prefix));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function removeAbandoned(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const path of names.map((name) => join(tmpdir(), name))) {
    // Another process may remove it at the same time, or own it.
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > abandonedAfterMs) {
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}
