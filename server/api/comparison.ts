import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();

export const comparisonSchema = z
  .object({
    compared: z.number().meta({ description: 'Pairs of a person and a page compared in the last 30 days.' }),
    agreed: z.number(),
    agreement: z.number().nullable().meta({ description: 'agreed / compared; null before the first.' }),
    open: z.number().meta({ description: 'Disagreements that are not resolved.' }),
    hidden: z.number().meta({ description: 'Of those, pages that are hidden from everybody meanwhile.' }),
    comparedAt: time.nullable(),
    refusal: z.string().nullable().meta({ description: 'Why Confluence does not let the account ask.' }),
  })
  .meta({ id: 'Comparison' });

export const disagreementSchema = z
  .object({
    id: z.string(),
    at: time,
    state: z.enum(['open', 'resolved']),
    tooOpen: z.boolean().meta({ description: 'We admitted a person whom Confluence refuses.' }),
    accountId: z.string(),
    person: z.string(),
    externalId: z.string(),
    recordId: z.string().nullable(),
    title: z.string(),
    url: z.string(),
    layers: z.array(
      z.object({
        kind: z.enum(['product', 'space', 'content']),
        sourceId: z.string(),
        state: z.enum(['known', 'unknown']),
        admitted: z.boolean(),
      }),
    ),
    resolvedAt: time.nullable(),
    resolution: z.string().nullable(),
  })
  .meta({ id: 'Disagreement' });

/** Our answers beside Confluence's own. */
export function createComparisonApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Permissions';

  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/comparison',
      tag,
      summary: "How our answers agree with Confluence's own",
      response: comparisonSchema,
    },
    ({ req, params }) => services.comparison.get(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/disagreements',
      tag,
      summary: 'Where Confluence and we disagree, open ones first',
      query: pageQuery.extend({ state: z.enum(['open', 'resolved']).optional() }),
      response: pageSchema(disagreementSchema),
    },
    ({ req, params, query }) =>
      services.comparison.disagreements(resolveAdministrator(req), params['id'] ?? '', query),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/comparison',
      tag,
      summary: 'Read permissions now and compare a sample afterwards',
      status: 202,
      response: z.object({}),
      refusals: { 409: 'A permission sync is under way, or the connection is not ready.' },
    },
    async ({ req, params }) => {
      await services.comparison.compareNow(resolveAdministrator(req), params['id'] ?? '');
      return {};
    },
  );
  return router;
}
