import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** Answers with a file. Streams at the pace of whoever reads, so that one of any length needs little memory. */
export async function sendFile(
  res: Response,
  file: { name: string; type: string },
  lines: AsyncIterable<string>,
): Promise<void> {
  res.status(200).set({
    'Content-Type': `${file.type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Cache-Control': 'no-store',
  });
  try {
    await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 1 }), res);
  } catch (error) {
    // Whoever went away while it was sent is no failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
