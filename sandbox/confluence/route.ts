import type { SandboxContext } from '../context.ts';
import type { Parameters } from './parameters.ts';

/** One request, as a handler sees it. */
export interface Ask {
  context: SandboxContext;
  /** null: a visitor. */
  accountId: string | null;
  /** Values of the path's `{names}`. */
  params: Readonly<Record<string, string>>;
  query: Parameters;
  body: unknown;
  /** Path and query from `/wiki` on, wherever the router is mounted. */
  path: string;
}

export interface Answer {
  /** 200 unless said otherwise. */
  status?: number;
  body?: unknown;
  /** Pages, comments, attachments, spaces and the like in the answer, for the meter. */
  core?: number;
  /** Users, groups and permission rows in the answer. */
  identity?: number;
  headers?: Record<string, string>;
}

/**
 * One operation. `path` is written as in Atlassian's document, from `/wiki` on. `scopes` lists alternatives, each
 * one scope or several joined by `+`; empty where no scope decides (what is removed or closed to every app).
 */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  scopes: readonly string[];
  handle: (ask: Ask) => Answer;
}

/** An answer other than success, thrown by a handler; router.ts gives it the body of its API's generation. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  /** v1 names a Java exception. */
  readonly exception: string;
  constructor(status: number, message: string, exception = EXCEPTIONS[status] ?? 'ServiceException') {
    super(message);
    this.status = status;
    this.exception = exception;
  }
}

const EXCEPTIONS: Record<number, string> = {
  400: 'BadRequestException',
  403: 'PermissionException',
  404: 'NotFoundException',
  410: 'GoneException',
  501: 'NotImplementedServiceException',
};

export const notFound = (what: string): Refusal => new Refusal(404, `No ${what} found`);
