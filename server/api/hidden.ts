import { Router } from 'express';
import { z } from 'zod';
import { hiddenCauses } from '../../store/hidden-obstacles.ts';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();

export const hiddenSchema = z
  .object({
    cause: z.enum(hiddenCauses),
    externalId: z.string().nullable().meta({ description: "Atlassian's id; null for the product." }),
    recordId: z.string().nullable(),
    type: z.string(),
    title: z.string(),
    url: z.string(),
    records: z.number().meta({ description: 'Records that hang on it, itself included.' }),
    more: z.boolean().meta({ description: 'There are more records than were counted.' }),
    reason: z.string(),
    remedy: z.string(),
    since: time.nullable(),
    lastTriedAt: time.nullable(),
    attempts: z.number().nullable(),
    httpStatus: z.number().nullable(),
    traceId: z.string().nullable(),
  })
  .meta({ id: 'Hidden' });

const hiddenPageSchema = pageSchema(hiddenSchema).extend({
  records: z.number().meta({ description: 'Records of the connection that nobody is shown.' }),
  counts: z
    .partialRecord(z.enum(hiddenCauses), z.number())
    .meta({ description: 'How many things there are of each cause.' }),
});

/** What a connection hides from everybody, and why. */
export function createHiddenApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/hidden',
      tag: 'Permissions',
      summary: 'What is hidden from everybody, by cause, and what to do about it',
      query: pageQuery.extend({ cause: z.enum(hiddenCauses).optional() }),
      response: hiddenPageSchema,
    },
    ({ req, params, query }) => services.hidden.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  return router;
}
