import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits that may stand in a URL, a header or a file name. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256. Enough for what is random already (tokens, keys): there is nothing to guess that a slow hash would slow. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
