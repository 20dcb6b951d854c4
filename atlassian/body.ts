import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NetworkFailure, Truncated, TooLarge, type Evidence } from './errors.ts';

const inflate = promisify(gunzip);

/**
 * Reads a body whole, at most `cap` bytes before and after decompression.
 * @throws TooLarge, Truncated (broken gzip); what the stream throws passes through.
 */
export async function readBody(
  stream: AsyncIterable<Buffer>,
  encoding: string | undefined,
  cap: number,
  evidence: Evidence,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > cap) throw new TooLarge(`The answer is longer than ${cap} bytes.`, evidence);
    chunks.push(chunk);
  }
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
  if (encoding === undefined || encoding === '' || encoding === 'identity' || size === 0) return body;
  if (encoding !== 'gzip') {
    throw new NetworkFailure(`The answer is encoded as "${encoding}", which was not asked for.`, evidence);
  }
  try {
    return await inflate(body, { maxOutputLength: cap });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TooLarge(`The answer is longer than ${cap} bytes when unpacked.`, evidence);
    }
    throw new Truncated('The compressed answer is incomplete or damaged.', evidence, error);
  }
}
