import { hash, verify } from '@node-rs/argon2';
import { InvalidInput } from '../errors.ts';

/** Compared with when there is nothing to compare with, so that an unknown email takes as long as a wrong password. */
const decoy = hash('nobody has this password');

/** Argon2id with the library's defaults (19 MiB, two passes: OWASP's recommendation). */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

/** False for a missing hash, after the same time. */
export async function isPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  if (stored === null || stored === undefined) {
    await verify(await decoy, password);
    return false;
  }
  return verify(stored, password);
}

/** Length is what counts (NIST SP 800-63B); the upper bound keeps hashing cheap. @throws InvalidInput */
export function checkNewPassword(password: string, field = 'password'): string {
  if (password.length < 10)
    throw new InvalidInput({ [field]: 'At least 10 characters; a few words do well.' });
  if (password.length > 256) throw new InvalidInput({ [field]: 'At most 256 characters.' });
  return password;
}
