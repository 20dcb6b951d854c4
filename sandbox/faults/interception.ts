import type { Response } from 'express';

/** The response's own ways to send, past the interception. */
export interface RawResponse {
  end(body?: Buffer): void;
  write(body: Buffer, sent?: () => void): void;
}

/** Lets a route write its answer into memory, and hands it over whole instead of sending it. */
export function intercept(res: Response, deliver: (body: Buffer, raw: RawResponse) => void): void {
  const write = res.write.bind(res) as (chunk: Buffer, sent?: () => void) => boolean;
  const end = res.end.bind(res) as (chunk?: Buffer) => void;
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
    const charset = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, charset) : Buffer.from(chunk as Uint8Array));
  };
  const called = (args: unknown[]): void => {
    const callback = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    if (callback) process.nextTick(callback);
  };
  Object.assign(res, {
    write: (...args: unknown[]) => {
      keep(args[0], args[1]);
      called(args);
      return true;
    },
    end: (...args: unknown[]) => {
      keep(args[0], args[1]);
      Object.assign(res, { write, end });
      deliver(Buffer.concat(chunks), { end: (body) => end(body), write: (body, sent) => write(body, sent) });
      called(args);
      return res;
    },
  });
}
