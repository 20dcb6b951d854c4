import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();
const text = z.string().max(2_000);

const target = z.object({
  id: z.uuid(),
  name: z.string(),
  origin: z.string().meta({ description: 'Scheme and host; the rest of the address is never shown.' }),
  enabled: z.boolean(),
  createdAt: time,
});
export const noticeTargetSchema = target.meta({ id: 'NoticeTarget' });
const withSecret = target
  .extend({ secret: z.string().meta({ description: 'Signs what is posted; shown this once.' }) })
  .meta({ id: 'NewNoticeTargetSecret' });

export const noticeDeliverySchema = z
  .object({
    id: z.uuid(),
    event: z.string(),
    state: z.enum(['pending', 'delivered', 'given_up']),
    attempts: z.number(),
    message: z.string(),
    lastError: z.string().nullable(),
    createdAt: time,
    nextAttemptAt: time.nullable(),
    deliveredAt: time.nullable(),
  })
  .meta({ id: 'NoticeDelivery' });

const newTarget = z.strictObject({ name: text, url: text }).meta({ id: 'NewNoticeTarget' });
const change = z
  .strictObject({ name: text.optional(), url: text.optional(), enabled: z.boolean().optional() })
  .meta({ id: 'NoticeTargetChange' });

/** Where notices are posted. */
export function createNoticeTargetsApi({ services, openapi }: AppParts): Router {
  const { noticeTargets } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Notices';
  const path = '/notice-targets/{id}';
  const idIn = (params: Record<string, string>) => params['id'] ?? '';

  endpoint(
    {
      method: 'get',
      path: '/notice-targets',
      tag,
      summary: 'Where notices are posted',
      response: z.object({ items: z.array(noticeTargetSchema), nextCursor: z.null() }),
    },
    async ({ req }) => ({ items: await noticeTargets.list(resolveAdministrator(req)), nextCursor: null }),
  );
  endpoint(
    {
      method: 'post',
      path: '/notice-targets',
      tag,
      summary: 'Post notices to one more address',
      body: newTarget,
      response: withSecret,
      status: 201,
    },
    ({ req, body }) => noticeTargets.create(resolveAdministrator(req), body),
  );
  endpoint(
    { method: 'get', path, tag, summary: 'One target', response: noticeTargetSchema },
    ({ req, params }) => noticeTargets.get(resolveAdministrator(req), idIn(params)),
  );
  endpoint(
    {
      method: 'patch',
      path,
      tag,
      summary: 'Rename, move, enable or disable a target',
      body: change,
      response: noticeTargetSchema,
    },
    ({ req, params, body }) => noticeTargets.update(resolveAdministrator(req), idIn(params), body),
  );
  endpoint({ method: 'delete', path, tag, summary: 'Post nothing there any more' }, ({ req, params }) =>
    noticeTargets.remove(resolveAdministrator(req), idIn(params)),
  );
  endpoint(
    {
      method: 'post',
      path: `${path}/secret`,
      tag,
      summary: 'A new signing secret; the old one ends at once',
      response: withSecret,
    },
    ({ req, params }) => noticeTargets.renewSecret(resolveAdministrator(req), idIn(params)),
  );
  endpoint(
    {
      method: 'post',
      path: `${path}/test`,
      tag,
      summary: 'Post a test message now',
      response: z.object({ ok: z.boolean(), message: z.string() }),
    },
    ({ req, params }) => noticeTargets.test(resolveAdministrator(req), idIn(params)),
  );
  endpoint(
    {
      method: 'get',
      path: `${path}/deliveries`,
      tag,
      summary: 'What was posted, newest first',
      query: pageQuery,
      response: pageSchema(noticeDeliverySchema),
    },
    ({ req, params, query }) => noticeTargets.deliveries(resolveAdministrator(req), idIn(params), query),
  );
  return router;
}
