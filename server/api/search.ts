import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { searchRecords } from '../../search/search.ts';
import { snippetHtml } from '../../search/snippet.ts';
import { recordKinds } from '../../search/types.ts';
import type { Database } from '../../store/schema.ts';
import { resolveViewer } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { viewerHeader } from './schemas.ts';
import { mappedFieldsSchema } from './record-schemas.ts';
import { searchParameters } from './search-parameters.ts';

const facet = z.object({ value: z.string(), label: z.string(), count: z.number().int() });
const term = z.object({
  kind: z.enum(['word', 'phrase']),
  text: z.string(),
  prefix: z.boolean(),
  cjk: z.boolean(),
});

const hit = z
  .object({
    id: z.string(),
    externalId: z.string(),
    type: z.enum(recordKinds),
    title: z.string(),
    url: z.string(),
    snippet: z.string().meta({ description: 'HTML in which nothing but <mark> is an element.' }),
    snippetSegments: z.array(z.object({ text: z.string(), mark: z.boolean() })),
    breadcrumbs: z.array(
      z.object({
        id: z.string(),
        externalId: z.string(),
        type: z.string(),
        title: z.string(),
        url: z.string(),
      }),
    ),
    space: z.object({ key: z.string(), name: z.string() }).nullable(),
    author: z.object({ accountId: z.string(), name: z.string() }).nullable(),
    modifiedAt: z.string().nullable(),
    score: z.number(),
    connection: z.object({ id: z.string(), name: z.string(), status: z.string() }),
    fields: mappedFieldsSchema,
  })
  .meta({ id: 'Hit' });

const answer = z.object({
  items: z.array(hit),
  nextCursor: z.string().nullable(),
  totalVisible: z.number().int().meta({ description: 'Counts only what the viewer may see.' }),
  totalIsExact: z
    .boolean()
    .meta({ description: 'False when there are more than totalVisible, which then is a bound.' }),
  facets: z.object({
    connections: z.array(facet),
    spaces: z.array(facet),
    types: z.array(facet),
    labels: z.array(facet),
  }),
  interpreted: z.object({
    groups: z.array(z.array(term)),
    excluded: z.array(term),
    fields: z.record(z.string(), z.array(z.string())),
    truncated: z.boolean(),
  }),
});

/** GET /search: what the viewer finds, and nothing of what he or she may not see. */
export function searchRouter(deps: { db: Kysely<Database>; openapi?: OpenAPIRegistry }): Router {
  const router = Router();
  const endpoint = createEndpoints(router, deps.openapi ?? new OpenAPIRegistry());
  endpoint(
    {
      method: 'get',
      path: '/search',
      summary: 'Searches what the viewer may see',
      tag: 'search',
      headers: viewerHeader,
      query: searchParameters,
      response: answer,
      refusals: { 400: 'A cursor that is damaged or belongs to another query.' },
    },
    async ({ req, res, query }) => {
      const { hits, ...page } = await searchRecords(deps.db, resolveViewer(req), query);
      res.setHeader('cache-control', 'private, no-store');
      return {
        items: hits.map((one) => ({
          ...one,
          snippet: snippetHtml(one.snippet),
          snippetSegments: one.snippet,
        })),
        ...page,
      };
    },
  );
  return router;
}
