import { z } from 'zod';
import { CommandFailed, exits, type Exit } from './exit.ts';

export interface ApiCall {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sluice's public interface as the commands use it. Answers are as the server gives them. */
export interface Api {
  /** @throws ApiRefused, CommandFailed */
  call<T>(method: string, path: string, options?: ApiCall): Promise<T>;
  /** Every item of a list, page by page. */
  all<T>(path: string, query?: ApiCall['query']): Promise<T[]>;
}

const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.looseObject({ fields: z.record(z.string(), z.string()).optional() }).optional(),
  }),
});

/** The server said no, in its words. */
export class ApiRefused extends CommandFailed {
  override name = 'ApiRefused';
  readonly status: number;
  readonly code: string;
  /** What is wrong with each field, where it is about fields. */
  readonly fields: Record<string, string>;

  constructor(status: number, code: string, message: string, fields: Record<string, string> = {}) {
    super(exitOf(status), message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

function exitOf(status: number): Exit {
  if (status === 401 || status === 403) return exits.notAllowed;
  if (status === 404) return exits.notFound;
  if (status === 409 || status === 412) return exits.conflict;
  if (status === 400 || status === 422) return exits.usage;
  return status >= 500 || status === 429 ? exits.unreachable : exits.failed;
}

const patienceMs = 60_000;

/** `base` is the server's origin, `key` an API key, `as` the email of the person with whose eyes is read. */
export function createApi(base: string, key: string, as?: string): Api {
  const call: Api['call'] = async <T>(method: string, path: string, options: ApiCall = {}): Promise<T> => {
    const { query = {}, body, headers = {} } = options;
    const url = new URL(`${base}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await answer(url, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(as === undefined ? {} : { 'x-sluice-user': as }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = parsed(text);
    if (response.ok) return json as T;
    const told = refusal.safeParse(json);
    if (!told.success) {
      const what = `${method} ${url.pathname} was answered with ${response.status}, and not by a Sluice`;
      throw new ApiRefused(response.status, 'unexpected', `${what}. Look at SLUICE_URL.`);
    }
    const { code, message, details } = told.data.error;
    throw new ApiRefused(response.status, code, message, details?.fields);
  };
  return {
    call,
    async all<T>(path: string, query: ApiCall['query'] = {}): Promise<T[]> {
      const items: T[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: T[]; nextCursor: string | null } = await call('GET', path, {
          query: { ...query, cursor },
        });
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return items;
    },
  };
}

async function answer(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs), redirect: 'error' });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandFailed(
      exits.unreachable,
      `No Sluice answers at ${url.origin}: ${cause}. Look at SLUICE_URL.`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
