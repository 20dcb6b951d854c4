import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';

const kind = z.enum(['full', 'incremental', 'permissions', 'sweep']);

export const quotaSchema = z
  .object({
    limit: z.number().meta({ description: 'Points an hour, over all sites of the OAuth app.' }),
    used: z.number().meta({ description: 'By all connections of the app in the present hour.' }),
    own: z.number().meta({ description: 'By this connection.' }),
    sharing: z
      .number()
      .meta({ description: 'Connections of the app with a sync under way, this one counted.' }),
    refillsAt: z.iso.datetime(),
  })
  .meta({ id: 'Quota' });

const forecastSchema = z
  .object({
    kind,
    requests: z.number().nullable(),
    points: z.number().nullable(),
    minutes: z.number().nullable().meta({ description: 'Waits for the hour and own bounds included.' }),
    waits: z.number().meta({ description: 'How often it would wait for the points of the next hour.' }),
    basis: z.enum(['past_runs', 'stored', 'counted', 'unknown']),
    runs: z.number().meta({ description: 'Past syncs that were looked at.' }),
    pages: z.number().nullable(),
    obstacle: z.string().nullable().meta({ description: 'Why it cannot be started now.' }),
    quota: quotaSchema.nullable().meta({ description: 'null: an API token, which no quota counts.' }),
  })
  .meta({ id: 'Forecast' });

/** What a sync would cost, before it is started. */
export function createForecastApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/forecast',
      tag: 'Syncs',
      summary: 'What a sync would cost: requests, points and minutes',
      query: z.object({ kind: kind.default('incremental') }),
      response: forecastSchema,
      refusals: { 409: 'The connection is not ready.' },
    },
    ({ req, params, query }) =>
      services.forecast.forecast(resolveAdministrator(req), params['id'] ?? '', query.kind),
  );
  return router;
}
