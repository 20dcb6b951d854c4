import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { streamProgress } from './events.ts';
import { settingsSchema } from '../settings.ts';
import { pageQuery, pageSchema, progressSchema, runSchema } from './schemas.ts';

const startBody = z
  .strictObject({
    kind: z.enum(['full', 'incremental', 'permissions', 'sweep']),
    dryRun: z
      .boolean()
      .optional()
      .meta({ description: 'Only tell what a full sync would do; see GET /syncs/{id}/report.' }),
    settings: settingsSchema
      .optional()
      .meta({ description: 'Of a dry run: decide by these, which are not saved.' }),
  })
  .meta({ id: 'NewSync' });

/** The calls on syncs. */
export function createSyncsApi({ services, openapi }: AppParts): Router {
  const { syncs } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';

  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/syncs',
      tag,
      summary: 'Start a sync',
      body: startBody,
      response: runSchema,
      status: 202,
      refusals: { 409: 'One runs already, or the connection is not ready.' },
    },
    ({ req, params, body }) => syncs.start(resolveAdministrator(req), params['id'] ?? '', body),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/syncs/cancel',
      tag,
      summary: 'Stop the running sync after its batch',
      status: 202,
    },
    ({ req, params }) => syncs.cancel(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/syncs',
      tag,
      summary: 'Syncs, newest first',
      query: pageQuery.extend({
        kind: z.string().optional(),
        state: z.string().optional().meta({ description: 'open, succeeded, failed or cancelled.' }),
      }),
      response: pageSchema(runSchema),
    },
    ({ req, params, query }) => syncs.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  endpoint(
    {
      method: 'get',
      path: '/syncs/{id}',
      tag,
      summary: 'One sync with its stages',
      response: progressSchema,
    },
    ({ req, params }) => syncs.get(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/syncs/{id}/events',
      tag,
      summary: 'Progress as server-sent events: `progress` at most once a second, `done` at the end',
      response: z.string(),
      contentType: 'text/event-stream',
    },
    ({ req, res, params }) =>
      streamProgress(req, res, (listener) =>
        syncs.watch(resolveAdministrator(req), params['id'] ?? '', listener),
      ),
  );
  return router;
}
