import { Router } from 'express';
import { z } from 'zod';
import { InvalidInput, NotFound } from '../../errors.ts';
import type { AppParts } from '../app.ts';
import { authorizeTab } from '../oauth/paths.ts';
import type { ConnectionChange, ConnectionInput } from '../services/contracts.ts';
import type { ConnectionView } from '../views.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { authorizableConnectionSchema, connectionSchema } from './schemas.ts';

const text = z.string().max(2_000);

const authInput = z.discriminatedUnion(
  'method',
  [
    z.strictObject({
      method: z.literal('oauth'),
      oauthAppId: text.optional(),
      clientId: text.optional(),
      clientSecret: text.optional(),
    }),
    z.strictObject({
      method: z.literal('api_token'),
      email: text,
      token: text.optional(),
      scoped: z.boolean().optional(),
      expiresAt: text
        .nullable()
        .optional()
        .meta({ description: 'The day on which the token ends, like 2027-03-31: you are warned before.' }),
    }),
    z.strictObject({ method: z.literal('pat'), token: text }),
    z.strictObject({ method: z.literal('basic'), username: text, password: text }),
  ],
  { error: 'One of oauth, api_token, pat and basic, with its own fields.' },
);

const createBody = z
  .strictObject({
    name: text,
    product: z.enum(['confluence', 'jira']),
    deployment: z.enum(['cloud', 'datacenter']).default('cloud'),
    siteUrl: text,
    auth: authInput,
  })
  .meta({ id: 'NewConnection' });

const changeBody = z
  .strictObject({ name: text.optional(), siteUrl: text.optional(), auth: authInput.optional() })
  .meta({ id: 'ConnectionChange' });

/** The calls on /connections. */
export function createConnectionsApi({ services, openapi, publicUrl }: AppParts): Router {
  const { connections } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Connections';

  /** Only who may administer gets this far, and only such a person gets a link. */
  const withLink = async (call: { actor: Parameters<typeof connections.get>[0] }, view: ConnectionView) => ({
    ...view,
    authorizeUrl: view.auth.method === 'oauth' ? await connections.authorizeLink(call.actor, view.id) : null,
  });

  endpoint(
    {
      method: 'get',
      path: '/connections',
      tag,
      summary: 'All connections',
      response: z.object({ items: z.array(connectionSchema), nextCursor: z.null() }),
    },
    async ({ req }) => ({ items: await connections.list(resolveAdministrator(req)), nextCursor: null }),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections',
      tag,
      summary: 'Connect a site',
      body: createBody,
      response: authorizableConnectionSchema,
      status: 201,
    },
    async ({ req, body }) => {
      const actor = resolveAdministrator(req);
      const { auth, ...rest } = body;
      const view = await inFields(() => connections.create(actor, { ...rest, auth: newAuth(auth) }));
      return withLink({ actor }, view);
    },
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}',
      tag,
      summary: 'One connection',
      response: authorizableConnectionSchema,
    },
    async ({ req, params }) => {
      const actor = resolveAdministrator(req);
      const view = await connections.get(actor, params['id'] ?? '');
      // Reading makes no link: the tab's address works where an administrator is signed in.
      const tab = `${publicUrl}${authorizeTab(view.id)}`;
      return { ...view, authorizeUrl: view.auth.method === 'oauth' ? tab : null };
    },
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/authorize-link',
      tag,
      summary: 'A link that starts the consent in any browser, for an hour',
      response: z.object({ authorizeUrl: z.url() }),
      status: 201,
    },
    async ({ req, params }) => ({
      authorizeUrl: await connections.authorizeLink(resolveAdministrator(req), params['id'] ?? ''),
    }),
  );
  endpoint(
    {
      method: 'patch',
      path: '/connections/{id}',
      tag,
      summary: 'Change name, site or credential',
      body: changeBody,
      response: authorizableConnectionSchema,
    },
    async ({ req, params, body }) => {
      const actor = resolveAdministrator(req);
      const { auth, ...rest } = body;
      const change: ConnectionChange = {
        ...rest,
        ...(auth === undefined ? {} : { auth: changedAuth(auth) }),
      };
      return withLink({ actor }, await inFields(() => connections.update(actor, params['id'] ?? '', change)));
    },
  );
  endpoint(
    {
      method: 'delete',
      path: '/connections/{id}',
      tag,
      summary: 'Delete a connection and everything that came through it',
      otherwise: {
        status: 202,
        description:
          'There is much of it: hidden at once, and deleted in batches (`deletion` tells how far).',
        response: connectionSchema,
      },
    },
    async ({ req, res, params }) => {
      const actor = resolveAdministrator(req);
      const id = params['id'] ?? '';
      if ((await services.disconnect.remove(actor, id)) === 'deleted') return;
      const left = await viewWhileThere(() => connections.get(actor, id));
      if (left !== null) res.status(202).json(left);
    },
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/test',
      tag,
      summary: 'Test token, site, scopes, rights and visible emails',
      response: z.object({
        ok: z.boolean(),
        checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
      }),
    },
    ({ req, params }) => connections.test(resolveAdministrator(req), params['id'] ?? ''),
  );
  for (const change of ['enable', 'disable'] as const) {
    endpoint(
      {
        method: 'post',
        path: `/connections/{id}/${change}`,
        tag,
        summary: change === 'enable' ? 'Resume syncing' : 'Stop syncing; keeps what is there',
        response: connectionSchema,
      },
      ({ req, params }) => connections[change](resolveAdministrator(req), params['id'] ?? ''),
    );
  }
  return router;
}

/** A worker may be quicker than the answer: null then. */
async function viewWhileThere(read: () => Promise<ConnectionView>): Promise<ConnectionView | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

type Auth = z.output<typeof authInput>;

function newAuth(auth: Auth): ConnectionInput['auth'] {
  if (auth.method === 'oauth') return oauthOf(auth);
  if (auth.method === 'api_token') {
    const { expiresAt = null, token = '', scoped = false } = auth;
    return { method: auth.method, email: auth.email, token, scoped, expiresAt };
  }
  throw new InvalidInput({
    method: `"${auth.method}" is for Data Center, which cannot be connected so far.`,
  });
}

function changedAuth(auth: Auth): NonNullable<ConnectionChange['auth']> {
  if (auth.method !== 'api_token') return newAuth(auth);
  const { method, email, token, scoped, expiresAt } = auth;
  return {
    method,
    email,
    ...(token === undefined ? {} : { token }),
    ...(scoped === undefined ? {} : { scoped }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function oauthOf(auth: Extract<Auth, { method: 'oauth' }>): ConnectionInput['auth'] {
  const { method, oauthAppId, clientId, clientSecret } = auth;
  if (oauthAppId !== undefined) return { method, oauthAppId };
  return { method, clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
}

const authFields = new Set([
  'oauthAppId',
  'clientId',
  'clientSecret',
  'email',
  'token',
  'scoped',
  'expiresAt',
  'method',
]);

/** The services speak of a form's fields; in the JSON body those of the credential lie below `auth`. */
async function inFields<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      Object.fromEntries(
        Object.entries(error.fields).map(([field, message]) => [
          authFields.has(field) ? `auth.${field}` : field,
          message,
        ]),
      ),
    );
  }
}
