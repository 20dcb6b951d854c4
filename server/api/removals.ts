import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { removalCauses } from '../services/removal-words.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema, orNull, runSchema } from './schemas.ts';

const time = z.iso.datetime();
const cause = z.enum(removalCauses);

export const removalSchema = z
  .object({
    id: z.string(),
    at: time,
    externalId: z.string(),
    type: z.string(),
    title: z.string(),
    url: z.string(),
    spaceKey: z.string().nullable(),
    cause,
    reason: z.string().meta({ description: 'The cause in words.' }),
    runId: z.string().nullable(),
  })
  .meta({ id: 'Removal' });

export const brakeSchema = z
  .object({
    id: z.string(),
    scope: z.enum(['connection', 'space']),
    spaceId: z.string().nullable(),
    name: z.string(),
    found: z
      .number()
      .meta({ description: 'Records that are gone in Confluence; they are hidden meanwhile.' }),
    total: z.number(),
    causes: z.array(z.object({ cause, records: z.number(), reason: z.string() })),
    sample: z
      .array(
        z.object({ externalId: z.string(), type: z.string(), title: z.string(), url: z.string(), cause }),
      )
      .meta({ description: 'Twenty of them at most.' }),
    state: z.enum(['asked', 'confirmed', 'kept', 'released']),
    askedAt: time,
    decidedAt: time.nullable(),
  })
  .meta({ id: 'Brake' });

/** What was removed and why, and removals that wait for an administrator's word. */
export function createRemovalsApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Removals';

  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/removals',
      tag,
      summary: 'What was removed in the last 90 days, newest first',
      query: pageQuery.extend({ cause: cause.optional(), q: z.string().max(200).optional() }),
      response: pageSchema(removalSchema),
    },
    ({ req, params, query }) => services.removals.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/brakes',
      tag,
      summary:
        'Removals of much at once that wait for a decision, and those that were decided to be kept hidden',
      response: pageSchema(brakeSchema),
    },
    async ({ req, params }) => ({
      items: await services.removals.brakes(resolveAdministrator(req), params['id'] ?? ''),
      nextCursor: null,
    }),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/brakes/{brakeId}',
      tag,
      summary: 'Remove what is gone, or keep it hidden until it shows up again',
      body: z.object({ decision: z.enum(['remove', 'keep']) }),
      response: z.object({
        brake: brakeSchema,
        run: orNull(runSchema).meta({ description: 'The run that removes it; null: the next one does.' }),
      }),
      refusals: { 409: 'It is decided already, or has shown up again.' },
    },
    ({ req, params, body }) =>
      services.removals.decide(
        resolveAdministrator(req),
        params['id'] ?? '',
        params['brakeId'] ?? '',
        body.decision,
      ),
  );
  return router;
}
