import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { z } from 'zod';
import { InvalidInput, NotFound, SluiceError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PageError } from './app.ts';

/** What a caller may know of an error: code and words, and evidence that its class calls fit to be shown. */
export type PublicError = PageError;

/** An unexpected error says nothing of its inside; everything thrown on purpose speaks for itself. */
export function publicError(error: unknown): PublicError {
  if (error instanceof z.ZodError) return publicError(invalidInput(error));
  if (error instanceof SluiceError) {
    const { status, code, message, details } = error;
    return { status, code, message, ...(details === undefined ? {} : { details }) };
  }
  const { status, type, code, limit } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: unknown;
    type?: unknown;
    code?: unknown;
    limit?: unknown;
  };
  // PostgreSQL's words for a NUL character in text and in JSON.
  if (code === '22021' || code === '22P05') {
    return {
      status: 422,
      code: 'invalid_input',
      message: 'A text holds a character (NUL) that cannot be kept.',
    };
  }
  if (type === 'entity.too.large') {
    const most = typeof limit === 'number' && limit >= 1_048_576 ? '2 MB' : '256 KB';
    return { status: 413, code: 'too_large', message: `The body is too large: at most ${most}.` };
  }
  if (type === 'entity.parse.failed') {
    return { status: 400, code: 'bad_json', message: 'The body is not valid JSON.' };
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, code: 'bad_request', message: 'The request cannot be understood.' };
  }
  return {
    status: 500,
    code: 'internal',
    message: "Something went wrong here. Try again; if it stays, the server's log tells more.",
  };
}

/** Zod's issues by the path of their field; unknown fields by their own names. */
export function invalidInput(error: z.ZodError): InvalidInput {
  const fields: Record<string, string> = {};
  const add = (path: PropertyKey[], message: string) => {
    fields[path.map(String).join('.') || 'body'] ??= message;
  };
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) add([...issue.path, key], `Unknown field "${key}".`);
    } else {
      add(issue.path, issue.message);
    }
  }
  return new InvalidInput(fields);
}

export const notFound: RequestHandler = (_req, _res, next) => next(new NotFound('This address'));

/** Answers errors: JSON under /api, a page elsewhere. Expected failures are not logged as errors. */
export function errorHandler(options: {
  log: Logger;
  errorPage?: (error: PageError, req: Request, nonce: string) => string;
}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const requestId = res.get('x-request-id');
    const shown = withRequestId(publicError(error), requestId);
    if (shown.status >= 500)
      options.log.error({ requestId, failure: describe(error), path: req.path }, 'A request failed.');
    if (res.headersSent) return next(error);
    const { status, ...rest } = shown;
    res.status(status);
    if (status === 429 && typeof rest.details?.['retryAfterSeconds'] === 'number') {
      res.setHeader('retry-after', String(rest.details['retryAfterSeconds']));
    }
    if (req.path.startsWith('/api/') || req.path === '/api') {
      res.json({ error: rest });
    } else if (status === 401 && req.method === 'GET') {
      res.redirect(303, `/sign-in?returnTo=${encodeURIComponent(req.originalUrl)}`);
    } else if (options.errorPage === undefined) {
      res.type('text/plain').send(`${shown.message}\n`);
    } else {
      res.type('html').send(options.errorPage(shown, req, String(res.locals['nonce'] ?? '')));
    }
  };
}

/** What failed here names its request, by which whoever asks for help can be helped. */
function withRequestId(shown: PublicError, requestId: string | undefined): PublicError {
  if (shown.status < 500 || requestId === undefined) return shown;
  return { ...shown, details: { ...shown.details, requestId } };
}

/** Of an error only what cannot carry a value: a database error's detail, for one, quotes the row. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const { code } = error as { code?: unknown };
  const cause: Record<string, unknown> | undefined =
    error.cause === undefined ? undefined : describe(error.cause);
  return { name: error.name, code, text: error.message, stack: error.stack, ...(cause && { cause }) };
}
