import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';

const time = z.iso.datetime();

const invitationSchema = z
  .object({ url: z.url().meta({ description: 'Shown this once.' }), expiresAt: time })
  .meta({ id: 'Invitation' });

const sessionSchema = z
  .object({
    id: z.string(),
    device: z.string().meta({ description: 'What the browser says it is.' }),
    signedInAt: time.nullable(),
    lastSeenAt: time,
    current: z.boolean(),
  })
  .meta({ id: 'Session' });

/** The calls on how a user gets in and stays in: links for a password, sessions, the end of it all. */
export function createUserAccessApi({ services, openapi }: AppParts): Router {
  const { invitations, sessions, users } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Users';
  endpoint(
    {
      method: 'post',
      path: '/users/{id}/invitation',
      tag,
      summary: 'A one-time link by which the person chooses a password; it replaces an older one',
      response: invitationSchema,
      status: 201,
    },
    ({ req, params }) => invitations.invite(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    { method: 'delete', path: '/users/{id}/invitation', tag, summary: 'Take the link back' },
    ({ req, params }) => invitations.revoke(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/users/{id}/sessions',
      tag,
      summary: 'Browsers in which a person is signed in',
      response: z.object({ items: z.array(sessionSchema), nextCursor: z.null() }),
    },
    async ({ req, params }) => ({
      items: await sessions.list(resolveAdministrator(req), params['id'] ?? '', null),
      nextCursor: null,
    }),
  );
  endpoint(
    { method: 'delete', path: '/users/{id}/sessions', tag, summary: 'Sign a person out everywhere' },
    ({ req, params }) => sessions.endAll(resolveAdministrator(req), params['id'] ?? '', null),
  );
  endpoint(
    {
      method: 'delete',
      path: '/users/{id}',
      tag,
      summary: 'Delete a person with sessions, keys, own consents and account links',
    },
    ({ req, params }) => users.remove(resolveAdministrator(req), params['id'] ?? ''),
  );
  return router;
}
