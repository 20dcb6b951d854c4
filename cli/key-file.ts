import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../errors.ts';

/**
 * The key that encrypts stored credentials, for an embedded database: made once in `dataDir`, readable by its owner
 * only. 32 bytes, base64.
 * @throws SluiceError `unreadable_encryption_key`.
 */
export function embeddedKey(dataDir: string): string {
  const path = join(dataDir, 'encryption.key');
  const part = `${path}.${process.pid}`;
  writeFileSync(part, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    // A link is there whole or not at all, and leaves a key that is there already alone.
    linkSync(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(part, { force: true });
  }
  const key = readFileSync(path, 'utf8').trim();
  if (Buffer.from(key, 'base64').length === 32) return key;
  throw new SluiceError(
    'unreadable_encryption_key',
    `${path} does not hold an encryption key (32 bytes, base64). Put it back from a backup; without it the stored credentials are lost, and every connection must be authorized again.`,
  );
}
