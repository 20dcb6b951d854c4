import { SluiceError } from '../errors.ts';
import type { LimitScope } from './retry.ts';

/** What is known of the exchange that failed. `path` is the URL's path without its query, which may hold secrets. */
export interface Evidence {
  method: string;
  path: string;
  /** Atlassian's HTTP status; null when there was no answer. */
  status: number | null;
  /** Atlassian's `ATL-TraceId`, which its support asks for. */
  traceId: string | null;
}

/**
 * Base of all failures of an exchange with Atlassian. `retryable` says whether the same request may succeed later
 * without anybody changing anything. Never carries a token, a request body or a query string.
 */
export class AtlassianError extends SluiceError {
  override name = 'AtlassianError';
  readonly evidence: Evidence;
  readonly retryable: boolean;

  constructor(
    code: string,
    message: string,
    evidence: Evidence,
    options: { retryable?: boolean; cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(code, `${message} (${describe(evidence)})`, {
      status: 502,
      details: { ...evidence, ...options.details },
      cause: options.cause,
    });
    this.evidence = evidence;
    this.retryable = options.retryable ?? false;
  }
}

/** No connection, or it broke: code `network`. */
export class NetworkFailure extends AtlassianError {
  override name = 'NetworkFailure';
  constructor(message: string, evidence: Evidence, cause?: unknown) {
    super('network', message, evidence, { retryable: true, cause });
  }
}

/** No answer, or not all of it, in time: code `timeout`. */
export class TimedOut extends AtlassianError {
  override name = 'TimedOut';
  constructor(message: string, evidence: Evidence) {
    super('timeout', message, evidence, { retryable: true });
  }
}

/** An answer that ended early, has the wrong length, or is broken JSON or gzip: code `truncated`. */
export class Truncated extends AtlassianError {
  override name = 'Truncated';
  constructor(message: string, evidence: Evidence, cause?: unknown) {
    super('truncated', message, evidence, { retryable: true, cause });
  }
}

/** What a wait is about; `told` replaces the usual words. */
export interface Wait {
  retryAt: Date;
  reason: string;
  quota: boolean;
  /** `app` unless told. */
  scope?: LimitScope;
  note?: string;
  told?: string;
  code?: string;
}

/**
 * Nothing is to be sent before `retryAt` (by our clock), for `scope`: code `rate_limited`. Atlassian asks for it, or our
 * own bounds do. `quota`: the hour's points are used up, rather than a burst limit.
 */
export class RateLimited extends AtlassianError {
  override name = 'RateLimited';
  readonly retryAt: Date;
  readonly reason: string;
  readonly quota: boolean;
  readonly scope: LimitScope;

  constructor(wait: Wait, evidence: Evidence) {
    const { retryAt, reason, quota } = wait;
    const usual = quota ? 'The hourly points are used up' : 'Atlassian asks to slow down';
    const note = wait.note === undefined ? '' : ` ${wait.note}`;
    super(
      wait.code ?? 'rate_limited',
      `${wait.told ?? `${usual} (${reason})`}; next request at ${retryAt.toISOString()}.${note}`,
      evidence,
      { retryable: true, details: { retryAt: retryAt.toISOString(), reason, quota } },
    );
    this.retryAt = retryAt;
    this.reason = reason;
    this.quota = quota;
    this.scope = wait.scope ?? 'app';
  }
}

/**
 * An endpoint has failed several times in a row and is left alone until `retryAt`, when one request tries it for all:
 * code `endpoint_failing`. Nothing was sent. To be waited for like a limit, hence its base.
 */
export class EndpointFailing extends RateLimited {
  override name = 'EndpointFailing';
  constructor(options: { retryAt: Date; endpoint: string; failure: string }, evidence: Evidence) {
    const told = `Atlassian does not answer ${options.endpoint} properly (${options.failure}); it is left alone for a while`;
    const { retryAt, failure: reason } = options;
    super({ retryAt, reason, quota: false, scope: 'endpoint', told, code: 'endpoint_failing' }, evidence);
  }
}

/** The credential was not accepted: code `unauthorized`. For OAuth this comes after one refresh and one retry. */
export class Unauthorized extends AtlassianError {
  override name = 'Unauthorized';
  constructor(message: string, evidence: Evidence) {
    super('unauthorized', message, evidence);
  }
}

/** The token lacks a scope for this path (401 "scope does not match"): code `scope_mismatch`. Refreshing is no cure. */
export class ScopeMismatch extends AtlassianError {
  override name = 'ScopeMismatch';
  constructor(evidence: Evidence) {
    super(
      'scope_mismatch',
      'The credential lacks a scope for this request. Add the missing scopes to the app, then reauthenticate.',
      evidence,
    );
  }
}

/** The account may not do this: code `forbidden`. */
export class Forbidden extends AtlassianError {
  override name = 'Forbidden';
  constructor(message: string, evidence: Evidence) {
    super('forbidden', message, evidence);
  }
}

/** Not there, or not for this account, which Atlassian does not tell apart: code `not_found`. */
export class NotFoundThere extends AtlassianError {
  override name = 'NotFoundThere';
  constructor(message: string, evidence: Evidence) {
    super('not_found', message, evidence);
  }
}

/** Atlassian has removed this endpoint: code `gone`. */
export class Gone extends AtlassianError {
  override name = 'Gone';
  constructor(message: string, evidence: Evidence) {
    super('gone', message, evidence);
  }
}

/** A fault of the request itself (400 and the like): code `bad_request`; an expired cursor is `cursor_invalid`. */
export class BadRequest extends AtlassianError {
  override name = 'BadRequest';
  constructor(message: string, evidence: Evidence, code: 'bad_request' | 'cursor_invalid' = 'bad_request') {
    super(code, message, evidence);
  }
}

/** 5xx: code `server_error`. */
export class ServerError extends AtlassianError {
  override name = 'ServerError';
  constructor(message: string, evidence: Evidence) {
    super('server_error', message, evidence, { retryable: true });
  }
}

/** An answer that is no API answer, such as a login page with status 200: code `unexpected_content`. */
export class UnexpectedContent extends AtlassianError {
  override name = 'UnexpectedContent';
  constructor(message: string, evidence: Evidence) {
    super('unexpected_content', message, evidence, { retryable: true });
  }
}

/** An answer over the size cap: code `too_large`. Ask for fewer items. */
export class TooLarge extends AtlassianError {
  override name = 'TooLarge';
  constructor(message: string, evidence: Evidence) {
    super('too_large', message, evidence);
  }
}

/** JSON without a field that we need: code `invalid_answer`. `documentPath` is the field's place, e.g. `results[3].id`. */
export class InvalidAnswer extends AtlassianError {
  override name = 'InvalidAnswer';
  readonly documentPath: string;
  constructor(documentPath: string, problem: string, evidence: Evidence) {
    super(
      'invalid_answer',
      `Atlassian's answer is not as documented at ${documentPath}: ${problem}`,
      evidence,
      {
        details: { documentPath },
      },
    );
    this.documentPath = documentPath;
  }
}

/** The cursors of a listing lead in a circle: code `cursor_loop`. */
export class CursorLoop extends AtlassianError {
  override name = 'CursorLoop';
  constructor(evidence: Evidence) {
    super('cursor_loop', 'The listing repeats itself: its next link was followed before.', evidence, {
      retryable: true,
    });
  }
}

/** A URL that must not be requested, with the reason: code `refused_url`. Nothing was sent. */
export class RefusedUrl extends AtlassianError {
  override name = 'RefusedUrl';
  constructor(reason: string, evidence: Evidence) {
    super('refused_url', reason, evidence);
  }
}

function describe({ method, path, status, traceId }: Evidence): string {
  const parts = [`${method} ${path}`];
  if (status !== null) parts.push(`status ${status}`);
  if (traceId !== null) parts.push(`trace ${traceId}`);
  return parts.join(', ');
}
