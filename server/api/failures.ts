import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { retriedAtMost } from '../services/failures.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { failureSchema, pageQuery, pageSchema, runSchema } from './schemas.ts';

const item = z.strictObject({ stage: z.string().min(1).max(100), externalId: z.string().min(1).max(400) });

/** One of the three, which the service tells in words. */
const retryBody = z
  .strictObject({
    items: z.array(item).max(retriedAtMost).optional(),
    stage: z.string().min(1).max(100).optional(),
    all: z.literal(true).optional(),
  })
  .meta({ id: 'RetryOfFailedItems' });

/** The calls on failed items. */
export function createFailuresApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/failures',
      tag,
      summary: 'Items that could not be read, with what follows and when they are tried again',
      query: pageQuery.extend({
        stage: z.string().max(100).optional(),
        q: z.string().max(200).optional().meta({ description: 'In titles, messages; or an id, a trace id.' }),
      }),
      response: pageSchema(failureSchema).extend({
        counts: z
          .array(z.object({ stage: z.string(), items: z.int() }))
          .meta({ description: 'Failed items of each stage, whatever the list is narrowed to.' }),
      }),
    },
    ({ req, params, query }) => services.failures.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/failures/retry',
      tag,
      summary: 'Try failed items again now: some, all of a stage, or all',
      body: retryBody,
      response: runSchema,
      status: 202,
      refusals: { 409: 'No sync may start: the reason is in words.' },
    },
    ({ req, params, body }) => services.failures.retry(resolveAdministrator(req), params['id'] ?? '', body),
  );
  return router;
}
