import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failureOf } from './classify.ts';
import { TooLarge, Truncated, type Evidence } from './errors.ts';

/** One file to fetch. */
export interface Download {
  /** Absolute; by its real name even when a gateway stands in. */
  url: string;
  headers?: Record<string, string>;
  /** Path of a file on disk, which is written. */
  to: string;
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/** A file on disk, or where it is instead. */
export type Downloaded = { kind: 'file'; bytes: number } | { kind: 'redirect'; address: string };

type Headers = Record<string, string | undefined>;

/**
 * Writes the body of an answer to disk as it comes: at most `maxBytes`, and as many as the answer promised.
 * @throws TooLarge, Truncated; the error that another status stands for
 */
export async function saveBody(
  body: Readable,
  headers: Headers,
  { url, to, maxBytes }: Download,
  evidence: Evidence,
): Promise<Downloaded> {
  const status = evidence.status ?? 0;
  const location = headers['location'];
  if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url)) {
    letGo(body);
    return { kind: 'redirect', address: new URL(location, url).href };
  }
  if (status !== 200) {
    letGo(body);
    throw failureFor(headers, evidence);
  }
  const promised = Number(headers['content-length'] ?? Number.NaN);
  const tooLarge = () => new TooLarge(`The file is larger than ${maxBytes} bytes.`, evidence);
  if (promised > maxBytes) {
    letGo(body);
    throw tooLarge();
  }
  let bytes = 0;
  await pipeline(
    body,
    async function* bounded(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge();
        yield chunk;
      }
    },
    createWriteStream(to, { mode: 0o600 }),
  );
  if (!Number.isNaN(promised) && bytes !== promised) {
    throw new Truncated(`The file has ${bytes} bytes, and ${promised} were announced.`, evidence);
  }
  return { kind: 'file', bytes };
}

/** Ends the connection; that it breaks thereby is no news. */
function letGo(body: Readable): void {
  body.on('error', () => {}).destroy();
}

/** The host of files answers by statuses alone. */
function failureFor(headers: Headers, evidence: Evidence): Error {
  const status = evidence.status ?? 0;
  const answer = {
    // A refused address says nothing of the credential, which was not shown to that host.
    status: status === 401 ? 403 : status < 300 ? 500 : status,
    headers,
    kind: 'empty' as const,
    body: undefined,
    serverTime: new Date(),
    evidence,
    scrub: () => '',
  };
  const failure = failureOf(answer, { number: 1, now: new Date(), random: Math.random() });
  return failure ?? new Truncated('The answer holds no file.', evidence);
}
