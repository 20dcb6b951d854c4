import type { Request, Response } from 'express';
import { endStates } from '../services/watch.ts';
import type { ProgressView } from '../views.ts';

const heartbeatMs = 15_000;
/** A stream ends now and then; browsers reconnect by themselves, and the caller's rights are looked at again. */
const longestMs = 15 * 60_000;
/** A client that does not read gets no more than this queued. Bytes. */
const mostQueued = 1_000_000;

/**
 * Server-sent events of a run: `progress` with a ProgressView as JSON, `done` with the last one, comments in between so
 * that proxies keep the line open. What `watch` throws before the first event is answered as an ordinary error.
 */
export async function streamProgress(
  req: Request,
  res: Response,
  watch: (listener: (progress: ProgressView) => void) => Promise<() => void>,
): Promise<void> {
  let stop = () => {};
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    stop();
    clearInterval(heartbeat);
    clearTimeout(limit);
    res.end();
  };
  const open = () => {
    if (res.headersSent) return;
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would collect the events otherwise.
      'x-accel-buffering': 'no',
    });
    res.write('retry: 3000\n\n');
  };
  const send = (progress: ProgressView) => {
    if (ended) return;
    open();
    const data = JSON.stringify(progress);
    const over = endStates.has(progress.state);
    if (over || res.writableLength < mostQueued) res.write(`event: progress\ndata: ${data}\n\n`);
    if (!over) return;
    res.write(`event: done\ndata: ${data}\n\n`);
    end();
  };
  const heartbeat = setInterval(() => res.headersSent && res.write(': still here\n\n'), heartbeatMs).unref();
  const limit = setTimeout(end, longestMs).unref();
  req.on('close', end);
  try {
    stop = await watch(send);
    if (ended) stop();
  } catch (error) {
    clearInterval(heartbeat);
    clearTimeout(limit);
    ended = true;
    throw error;
  }
}
