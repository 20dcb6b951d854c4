import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();

export const noticeSchema = z
  .object({
    id: z.uuid(),
    code: z.string().meta({ description: 'Names the cause: docs/notices.md lists them.' }),
    subject: z.string(),
    severity: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    connection: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    beganAt: time,
    endedAt: time.nullable(),
    action: z
      .object({ label: z.string(), href: z.string(), method: z.enum(['get', 'post']) })
      .nullable()
      .meta({ description: 'Where it is mended, a path of the pages.' }),
  })
  .meta({ id: 'Notice' });

const query = pageQuery.extend({
  open: z
    .enum(['true', 'false'], 'true or false')
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'true: those that hold; false: those that are over.' }),
});

/** What administrators must know of. */
export function createNoticesApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/notices',
      tag: 'Notices',
      summary: 'What administrators must know of, newest first',
      query,
      response: pageSchema(noticeSchema),
    },
    ({ req, query: asked }) => services.notices.list(resolveAdministrator(req), asked),
  );
  return router;
}
