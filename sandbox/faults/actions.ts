import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import type { Barriers } from './barriers.ts';
import { intercept } from './interception.ts';
import type { RawResponse } from './interception.ts';
import type { FaultAction } from './rule.ts';

export interface Hit {
  req: Request;
  res: Response;
  next: NextFunction;
}

/** Carries out what a rule asks for on one request. */
export function applyAction(
  action: FaultAction,
  hit: Hit,
  { clock, barriers }: { clock: Clock; barriers: Barriers },
): void {
  const { res, next } = hit;
  switch (action.kind) {
    case 'status':
      if (action.when === 'before') sendStatus(res, action);
      else {
        discard(res, () => sendStatus(res, action));
        next();
      }
      return;
    case 'rate-limit':
      sendRateLimit(res, action, clock);
      return;
    case 'drop':
      if (action.when === 'before') res.socket?.destroy();
      else {
        intercept(res, () => res.socket?.destroy());
        next();
      }
      return;
    case 'login-page':
      res.status(200).type('html').send(LOGIN_PAGE);
      return;
    case 'delay':
      hold(hit, action.when, (go) => void later(res, action.ms, go));
      return;
    case 'barrier':
      hold(hit, action.when, (go) => barriers.hold(action.name, go));
      return;
    default:
      intercept(res, (body, raw) => spoil(action, body, raw, res));
      next();
  }
}

type BodyAction = Extract<
  FaultAction,
  { kind: 'truncate' | 'cut' | 'wrong-length' | 'slow-body' | 'endless-body' | 'rewrite' }
>;

function spoil(action: BodyAction, body: Buffer, raw: RawResponse, res: Response): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (action.kind) {
    case 'truncate':
      res.setHeader('Content-Length', half.length);
      raw.end(half);
      return;
    case 'cut':
      res.setHeader('Content-Length', body.length);
      raw.write(half, () => res.socket?.destroy());
      return;
    case 'wrong-length':
      res.setHeader('Content-Length', body.length + action.excess);
      raw.write(body, () => res.socket?.destroy());
      return;
    case 'rewrite': {
      const text = body.toString('utf8').replaceAll(new RegExp(action.pattern, 'g'), action.replacement);
      const changed = Buffer.from(text, 'utf8');
      res.setHeader('Content-Length', changed.length);
      raw.end(changed);
      return;
    }
    case 'slow-body':
      drip(res, action.bytesPerSecond, (from, count) => {
        raw.write(body.subarray(from, from + count));
        if (from + count < body.length) return true;
        raw.end();
        return false;
      });
      return;
    case 'endless-body':
      res.removeHeader('Content-Length');
      raw.write(body.subarray(0, -1));
      drip(res, action.bytesPerSecond, (_from, count) => {
        raw.write(Buffer.alloc(count, ' '));
        return true;
      });
  }
}

/** Ten times a second, or once in the seconds that one byte takes, until `send` says that it is done. */
function drip(res: Response, bytesPerSecond: number, send: (from: number, count: number) => boolean): void {
  const every = Math.max(100, 1000 / bytesPerSecond);
  const count = Math.max(1, Math.round((bytesPerSecond * every) / 1000));
  let from = 0;
  const timer = setInterval(() => {
    if (!send(from, count)) clearInterval(timer);
    from += count;
  }, every);
  res.once('close', () => clearInterval(timer));
}

function hold({ res, next }: Hit, when: 'before' | 'after', until: (go: () => void) => void): void {
  if (when === 'before') {
    until(() => next());
    return;
  }
  intercept(res, (body, raw) => until(() => raw.end(body)));
  next();
}

function later(res: Response, ms: number, go: () => void): void {
  const timer = setTimeout(go, ms);
  res.once('close', () => clearTimeout(timer));
}

/** The route's answer is thrown away, with the headers that described it. */
function discard(res: Response, send: () => void): void {
  intercept(res, () => {
    for (const name of ['Content-Length', 'Content-Type', 'ETag']) res.removeHeader(name);
    send();
  });
}

function sendStatus(res: Response, action: Extract<FaultAction, { kind: 'status' }>): void {
  res.status(action.status).set(action.headers);
  if (action.body === undefined) res.end();
  else if (typeof action.body === 'string') res.send(action.body);
  else res.json(action.body);
}

function sendRateLimit(
  res: Response,
  { retryAfter, seconds, reason }: Extract<FaultAction, { kind: 'rate-limit' }>,
  clock: Clock,
): void {
  res.status(429).set('RateLimit-Reason', reason);
  if (retryAfter === 'http-date') {
    res.set('Retry-After', new Date(clock.now().getTime() + seconds * 1000).toUTCString());
  } else if (retryAfter !== null) res.set('Retry-After', String(retryAfter));
  res.json({ code: 429, message: 'Rate limit exceeded' });
}

const LOGIN_PAGE = `<!doctype html><html lang="en"><head><title>Log in with Atlassian account</title></head>
<body><form action="/login" method="post"><label>Email <input name="username"></label><button>Continue</button></form></body></html>`;
