import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SluiceError } from '../errors.ts';

/** 32 bytes for AES-256 and the short name under which envelopes refer to them. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/** Where keys come from: the environment, a file, a key management service. */
export interface KeyProvider {
  /** The key that new envelopes are sealed with. */
  current(): EncryptionKey;
  /** A key of now or before; undefined when it is not at hand. */
  byId(id: string): EncryptionKey | undefined;
}

/** Which cell an envelope belongs to; bound into it, so that a value moved to another cell does not open. */
export interface Place {
  table: string;
  /** Primary key of the row. */
  row: string;
  column: string;
}

export interface Cipher {
  /** Encrypts any string, unpaired surrogates excepted (UTF-8 cannot carry them: they become U+FFFD). */
  seal(text: string, place: Place): Buffer;
  /** @throws EncryptionError `unknown_encryption_key` or `unreadable_secret`; never returns doubtful text. */
  open(envelope: Buffer, place: Place): string;
}

/** An envelope that cannot be opened. The message names the cell and, where that is the cause, the missing key's id. */
export class EncryptionError extends SluiceError {
  override name = 'EncryptionError';
}

const version = 1;
const nonceLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM envelopes: version (1 byte), length of the key id (1 byte), key id, nonce (12), tag (16), ciphertext.
 * The header and the place are authenticated with the text.
 */
export function createCipher(keys: KeyProvider): Cipher {
  return {
    seal(text, place) {
      const { id, key } = keys.current();
      const header = headerOf(id);
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(header, place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
    },
    open(envelope, place) {
      const { keyId, header, nonce, tag, sealed } = parse(envelope, place);
      const found = keys.byId(keyId);
      if (found === undefined) {
        throw new EncryptionError(
          'unknown_encryption_key',
          `${nameOf(place)} was encrypted with key "${keyId}", which is not configured: ` +
            'put that key into ENCRYPTION_KEYS_PREVIOUS, or back into ENCRYPTION_KEY, and restart; ' +
            'if it is lost, enter the credential again.',
          { details: { ...place, keyId } },
        );
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, nonce).setAAD(boundTo(header, place));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
      } catch {
        // OpenSSL's own message says nothing more, and the cause could carry bytes of the secret.
        throw unreadable(place, `it does not match key "${keyId}" and this place`);
      }
    },
  };
}

/**
 * Keys given as they are (32 bytes, or their base64). A key's id is derived from the key itself, so that nobody has
 * to name it. `previous` keys only open what they once sealed.
 * @throws EncryptionError `bad_encryption_key`
 */
export function keyProviderFromKey(
  key: string | Buffer,
  previous: readonly (string | Buffer)[] = [],
): KeyProvider {
  const current = readKey(key);
  const all = new Map([current, ...previous.map(readKey)].map((each) => [each.id, each]));
  return { current: () => current, byId: (id) => all.get(id) };
}

/** The id of the key that an envelope was sealed with; null where it is none. Nothing is opened. */
export function keyIdOf(envelope: Buffer): string | null {
  const end = 2 + (envelope[1] ?? 0);
  return envelope[0] === version && envelope.length >= end ? envelope.toString('utf8', 2, end) : null;
}

function readKey(given: string | Buffer): EncryptionKey {
  const key = typeof given === 'string' ? Buffer.from(given.trim(), 'base64') : Buffer.from(given);
  if (key.length !== 32) {
    throw new EncryptionError(
      'bad_encryption_key',
      `An encryption key must be 32 bytes in base64, but ${key.length} bytes were given. ` +
        'Make one with: openssl rand -base64 32',
    );
  }
  return { id: createHash('sha256').update('sluice key id').update(key).digest('hex').slice(0, 12), key };
}

function headerOf(keyId: string): Buffer {
  const name = Buffer.from(keyId, 'utf8');
  if (name.length === 0 || name.length > 255) {
    throw new EncryptionError('bad_encryption_key', 'A key id must have 1 to 255 bytes.');
  }
  return Buffer.concat([Buffer.from([version, name.length]), name]);
}

/** JSON keeps the parts apart: table "a", row "b/c" is not table "a/b", row "c". */
function boundTo(header: Buffer, place: Place): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([place.table, place.row, place.column]))]);
}

function parse(envelope: Buffer, place: Place) {
  const end = 2 + (envelope[1] ?? 0);
  if (envelope[0] !== version)
    throw unreadable(place, `its format is ${envelope[0] ?? 'empty'}, not ${version}`);
  if (envelope.length < end + nonceLength + tagLength) throw unreadable(place, 'it is cut short');
  return {
    keyId: envelope.toString('utf8', 2, end),
    header: envelope.subarray(0, end),
    nonce: envelope.subarray(end, end + nonceLength),
    tag: envelope.subarray(end + nonceLength, end + nonceLength + tagLength),
    sealed: envelope.subarray(end + nonceLength + tagLength),
  };
}

function unreadable(place: Place, why: string): EncryptionError {
  return new EncryptionError(
    'unreadable_secret',
    `${nameOf(place)} cannot be decrypted: ${why}. Enter the credential again, or restore the row from a backup.`,
    { details: { ...place } },
  );
}

function nameOf({ table, row, column }: Place): string {
  return `${table}.${column} of row ${row}`;
}
