import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLock } from '../process/lock.mjs';

export interface Slot {
  dataDir: string;
  release(): void;
}

/**
 * A folder for the servers of one test run. Runs that go on at once in one checkout get one each; later runs find the
 * database cluster of an earlier one and need not make it again.
 */
export function takeSlot(root = fileURLToPath(new URL('../.sluice/test/', import.meta.url))): Slot {
  for (let number = 0; number < 50; number += 1) {
    const dataDir = join(root, String(number));
    mkdirSync(dataDir, { recursive: true });
    const lock = acquireLock(join(dataDir, 'lock'));
    if (lock.acquired) return { dataDir, release: lock.release };
  }
  throw new Error(`Fifty test runs hold ${root}: stop some of them.`);
}
