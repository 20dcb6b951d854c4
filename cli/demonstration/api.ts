import { z } from 'zod';

/** Sluice's own public interface, as any program would use it. */
export interface Api {
  call<T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown): Promise<T>;
  /** Every item of a list, page by page. */
  all<T>(path: string, item: z.ZodType<T>): Promise<T[]>;
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export class ApiRefusal extends Error {
  override name = 'ApiRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** `base` is the server's origin; `key` an API key. */
export function createApi(base: string, key: string): Api {
  const call: Api['call'] = async (method, path, answer, body) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) {
      const told = refusal.safeParse(safeJson(text));
      if (told.success) throw new ApiRefusal(told.data.error.code, told.data.error.message);
      throw new ApiRefusal('unexpected', `${method} ${path} answered ${response.status}`);
    }
    return answer.parse(safeJson(text));
  };
  return {
    call,
    all: async (path, item) => {
      const page = z.object({ items: z.array(item), nextCursor: z.string().nullish() });
      const items = [];
      let cursor: string | null | undefined = '';
      while (typeof cursor === 'string') {
        const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
        const answer: z.infer<typeof page> = await call('GET', `${path}${query}`, page);
        items.push(...answer.items);
        cursor = answer.nextCursor ?? null;
      }
      return items;
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
