import request from 'supertest';
import type { Express } from 'express';

/** A person's view through the HTTP API: what an API key that may impersonate is told with X-Sluice-User. */
export interface ApiView {
  email: string;
  get(path: string): Promise<{ status: number; body: Answer }>;
}

interface Place {
  externalId: string;
}

interface FacetAnswer {
  value: string;
  count: number;
}

/** What of the API's answers is looked at here. */
export interface Answer {
  items: { id: string; externalId: string; breadcrumbs?: Place[]; ancestors?: Place[] }[];
  nextCursor: string | null;
  totalVisible: number;
  facets: Record<'connections' | 'spaces' | 'types' | 'labels', FacetAnswer[]>;
  externalId: string;
  ancestors: Place[];
  accountId: string | null;
  visible: boolean;
  layers: { kind: 'product' | 'space' | 'content'; sourceId: string; state: string; admitted: boolean }[];
}

export function viewOf(app: Express, key: string, email: string | null): ApiView {
  return {
    email: email ?? '',
    async get(path) {
      const call = request(app).get(`/api/v1${path}`).set('authorization', `Bearer ${key}`);
      const { status, body } = await (email === null ? call : call.set('x-sluice-user', email));
      return { status, body };
    },
  };
}

/** Everything that a listing gives, page by page: what is listed, and what is named above it. */
export async function walk(
  view: ApiView,
  path: string,
): Promise<{ ids: string[]; above: string[]; first: Answer }> {
  const [ids, above]: [string[], string[]] = [[], []];
  let first: Answer | null = null;
  for (let cursor: string | null = null; ;) {
    const { body } = await view.get(cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
    first ??= body;
    ids.push(...body.items.map((item) => item.externalId));
    above.push(
      ...body.items.flatMap((item) =>
        [...(item.breadcrumbs ?? []), ...(item.ancestors ?? [])].map((place) => place.externalId),
      ),
    );
    cursor = body.nextCursor;
    if (cursor === null) return { ids: ids.sort(), above, first };
  }
}
