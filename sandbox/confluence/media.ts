import { createHmac, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import express from 'express';
import type { Request, Response, Router } from 'express';
import type { SandboxContext } from '../context.ts';
import type { Attachment } from '../world/types.ts';
import { sizeOf } from './v2/serialise.ts';

export const MEDIA_HOST = 'api.media.atlassian.com';
/** How long a signed address opens its file. */
const VALID_MS = 20 * 60_000;

/** A signed address of an attachment's file on the media host. */
export function mediaUrl(context: SandboxContext, item: Attachment): string {
  const expires = context.clock.now().getTime() + VALID_MS;
  const token = `${expires}.${signature(context, item.fileId, item.id, expires)}`;
  const query = new URLSearchParams({ token, id: item.id, name: item.title });
  return `https://${MEDIA_HOST}/file/${item.fileId}/binary?${query.toString()}`;
}

function signature({ options, store }: SandboxContext, fileId: string, id: string, expires: number): string {
  return createHmac('sha256', `media:${options.seed}:${store.site.cloudId}`)
    .update(`${fileId} ${id} ${expires}`)
    .digest('base64url');
}

/**
 * The media host: `/file/{fileId}/binary`. Signed addresses only, until they expire; whole files and single byte
 * ranges. Files that a world gives by size alone are made while they are sent.
 */
export function mediaRouter(context: SandboxContext): Router {
  const router = express.Router();
  router.get('/file/:fileId/binary', (req, res) => {
    const [expires, given = ''] = String(req.query.token ?? '').split('.');
    const id = String(req.query.id ?? '');
    const expected = signature(context, req.params.fileId, id, Number(expires));
    const isSigned =
      given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
    if (!isSigned || Number(expires) < context.clock.now().getTime()) {
      res.status(403).json({ error: { code: 'JwtAuthoriser:TokenExpiredError', title: 'Forbidden' } });
      return;
    }
    const item = context.store.attachment(id);
    if (item === undefined || item.status === 'deleted') {
      res.status(404).json({ error: { code: 'NotFound', title: 'File not found' } });
      return;
    }
    sendFile(req, res, item);
  });
  return router;
}

function sendFile(req: Request, res: Response, item: Attachment): void {
  const size = sizeOf(item);
  res.set({
    'Content-Type': item.mediaType,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=1200',
  });
  const ranges = req.range(size);
  if (ranges === -1) {
    res.status(416).set('Content-Range', `bytes */${size}`).end();
    return;
  }
  // Several ranges at once, or one that cannot be read: the whole file, as RFC 9110 allows.
  const range = Array.isArray(ranges) && ranges.length === 1 ? ranges[0]! : undefined;
  const [start, end] = range === undefined ? [0, size - 1] : [range.start, range.end];
  if (range !== undefined) res.status(206).set('Content-Range', `bytes ${start}-${end}/${size}`);
  res.set('Content-Length', String(end - start + 1));
  const { data } = item;
  if ('base64' in data) res.end(Buffer.from(data.base64, 'base64').subarray(start, end + 1));
  else Readable.from(generated(item.id, start, end + 1)).pipe(res);
}

const BLOCK = 64 * 1024;

/** Readable lines that differ from file to file and are the same at the same place of the same file. */
function* generated(id: string, start: number, end: number): Generator<Buffer> {
  const line = `File ${id}: made for this sandbox, the same bytes whenever it is read.\n`;
  const block = Buffer.from(line.repeat(Math.ceil(BLOCK / line.length)));
  for (let at = start; at < end;) {
    const from = at % block.length;
    const piece = block.subarray(from, Math.min(block.length, from + end - at));
    yield piece;
    at += piece.length;
  }
}
