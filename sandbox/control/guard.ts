import type { RequestHandler } from 'express';
import type { z } from 'zod';

/** A control request that cannot be carried out; the message says what to send instead. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** This machine alone, and no page of another origin in a browser on it. */
export const guard: RequestHandler = (req, _res, next) => {
  const address = req.socket.remoteAddress ?? '';
  const local = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
  if (!local) throw new ControlError(403, 'The control interface answers only this machine.');
  const site = req.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') {
    throw new ControlError(403, 'The control interface does not answer pages of other origins.');
  }
  next();
};

/** The body in its parsed form; a fault names the field. */
export function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const words = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ControlError(400, words.join('; '));
}
