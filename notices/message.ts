import { createHmac } from 'node:crypto';

/** What a receiver is posted: the headers and the exact bytes that are signed. */
export interface SignedMessage {
  headers: Record<string, string>;
  body: string;
}

/** A stored delivery, as far as it is told. */
export interface Told {
  /** The same over all tries: a receiver that has seen it has nothing more to do. */
  id: string;
  event: string;
  createdAt: Date;
  payload: unknown;
}

interface Payload {
  notice?: { severity?: unknown; message?: unknown; code?: unknown };
  connection?: { id?: unknown; name?: unknown } | null;
}

/**
 * The body of a delivery. `text` is one line for receivers like Slack's; the other fields are for programs. The body of
 * a delivery is the same at each try.
 */
export function bodyOf(told: Told, publicUrl: string): string {
  const { id, event, createdAt, payload } = told;
  const { notice, connection } = (payload ?? {}) as Payload;
  const connectionId = text(connection?.id);
  const url = connectionId === '' ? publicUrl : `${publicUrl}/connections/${connectionId}`;
  return JSON.stringify({
    id,
    text: plain(lineOf(event, text(connection?.name), text(notice?.message), url)),
    createdAt: createdAt.toISOString(),
    url,
    ...(payload as object),
    event,
  });
}

function lineOf(event: string, connection: string, message: string, url: string): string {
  const about = connection === '' ? 'Sluice' : `Sluice, ${connection}`;
  if (event === 'notice.test') return `${about}: this is a test message. Notices arrive here. ${url}`;
  return `${about}: ${event === 'notice.closed' ? 'over: ' : ''}${message} ${url}`;
}

/** Angle brackets command in Slack's markup (`<!channel>`); names of connections must not. */
function plain(line: string): string {
  return line.replaceAll('<', '‹').replaceAll('>', '›').replaceAll(/\s+/g, ' ').trim();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Signs `timestamp.body`; a receiver refuses what is signed wrongly or minutes old. `at` is by our clock. */
export function signMessage(secret: string, told: Told, at: Date, publicUrl: string): SignedMessage {
  const body = bodyOf(told, publicUrl);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Sluice',
      'x-sluice-event-id': told.id,
      'x-sluice-event': told.event,
      'x-sluice-timestamp': timestamp,
      'x-sluice-signature': `sha256=${signature}`,
    },
  };
}

const giveUpAfterMs = 24 * 3_600_000;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;

/**
 * When a delivery that was not taken is tried again: after half a minute, twice as long each time, an hour at most, and
 * up to a quarter sooner by chance (`random`, 0 to 1). Null when it is older than a day, or the receiver is gone (410).
 */
export function nextTry(
  delivery: { attempts: number; createdAt: Date },
  failure: { status: number | null },
  now: Date,
  random: number,
): Date | null {
  if (failure.status === 410) return null;
  if (now.getTime() - delivery.createdAt.getTime() >= giveUpAfterMs) return null;
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(delivery.attempts - 1, 20));
  return new Date(now.getTime() + wait * (1 - random / 4));
}
