import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/**
 * A folder for compiled code that threads load, kept from one start to the next; null where there is none to be had.
 * What lies in it is run: one that another account owns or can write to is not used.
 */
export function makeCodeFolder(): string | null {
  const uid = process.getuid?.() ?? 0;
  const path = join(tmpdir(), `sluice-code-${uid}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { uid: owner, mode } = statSync(path);
    return owner === uid && (mode & 0o022) === 0 ? path : null;
  } catch {
    return null;
  }
}
