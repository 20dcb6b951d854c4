import { Router } from 'express';
import { z } from 'zod';
import { apiKeyScopes } from '../actor.ts';
import type { AppParts } from '../app.ts';
import { resolveActor, resolveAdministrator, resolveSelf } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import {
  apiKeySchema,
  grantSchema,
  groupSchema,
  oauthAppSchema,
  pageQuery,
  pageSchema,
  userSchema,
} from './schemas.ts';

const text = z.string().max(2_000);
const role = z.enum(['administrator', 'member']);

const newUser = z
  .strictObject({
    email: text,
    name: text.optional(),
    role: role.default('member'),
    password: text.optional(),
  })
  .meta({ id: 'NewUser' });
const userChange = z
  .strictObject({ role: role.optional(), active: z.boolean().optional() })
  .meta({ id: 'UserChange' });
const newKey = z
  .strictObject({
    name: text,
    scopes: z.array(z.enum(apiKeyScopes)).default(['search']),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'A time such as 2030-01-31T00:00:00Z.' })
      .nullable()
      .optional(),
  })
  .meta({ id: 'NewApiKey' });
const newApp = z.strictObject({ name: text, clientId: text, clientSecret: text }).meta({ id: 'NewOAuthApp' });
const appChange = z
  .strictObject({ name: text.optional(), clientSecret: text.optional() })
  .meta({ id: 'OAuthAppChange' });
const all = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.null() });

/** The calls on users, groups, own consents, keys and OAuth apps. */
export function createPeopleApi({ services, openapi }: AppParts): Router {
  const { users, apiKeys, oauthApps, grants, connections } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const whole = <T>(items: T[]) => ({ items, nextCursor: null });

  endpoint(
    {
      method: 'get',
      path: '/users',
      tag: 'Users',
      summary: 'Users by email',
      query: pageQuery,
      response: pageSchema(userSchema),
    },
    ({ req, query }) => users.list(resolveAdministrator(req), query),
  );
  endpoint(
    {
      method: 'post',
      path: '/users',
      tag: 'Users',
      summary: 'Add a user; you vouch for the email',
      body: newUser,
      response: userSchema,
      status: 201,
    },
    ({ req, body }) => {
      const { name, password, ...rest } = body;
      return users.create(resolveAdministrator(req), {
        ...rest,
        ...(name === undefined ? {} : { name }),
        ...(password === undefined ? {} : { password }),
      });
    },
  );
  endpoint(
    { method: 'get', path: '/users/me', tag: 'Users', summary: 'Who the caller is', response: userSchema },
    ({ req }) => {
      const actor = resolveActor(req);
      return users.get(actor, actor.userId);
    },
  );
  endpoint(
    { method: 'get', path: '/users/{id}', tag: 'Users', summary: 'One user', response: userSchema },
    ({ req, params }) => users.get(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'patch',
      path: '/users/{id}',
      tag: 'Users',
      summary: 'Change role or activity',
      body: userChange,
      response: userSchema,
    },
    async ({ req, params, body }) => {
      const actor = resolveAdministrator(req);
      const id = params['id'] ?? '';
      if (body.role !== undefined) await users.setRole(actor, id, body.role);
      if (body.active !== undefined) await users.setActive(actor, id, body.active);
      return users.get(actor, id);
    },
  );
  endpoint(
    {
      method: 'post',
      path: '/users/{id}/accounts',
      tag: 'Users',
      summary: 'Say that an Atlassian account is this user',
      body: z.strictObject({ accountId: text }),
      response: userSchema,
      status: 201,
    },
    ({ req, params, body }) =>
      users.linkAccount(resolveAdministrator(req), params['id'] ?? '', body.accountId),
  );
  endpoint(
    { method: 'delete', path: '/users/{id}/accounts/{accountId}', tag: 'Users', summary: 'Take that back' },
    ({ req, params }) =>
      users.unlinkAccount(resolveAdministrator(req), params['id'] ?? '', params['accountId'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/groups',
      tag: 'Users',
      summary: 'The groups of a connected site',
      query: pageQuery.extend({ connection: text }),
      response: pageSchema(groupSchema),
    },
    ({ req, query: { connection, ...page } }) =>
      connections.groups(resolveAdministrator(req), connection, page),
  );
  endpoint(
    {
      method: 'get',
      path: '/grants',
      tag: 'Own consents',
      summary: "Own consents; an administrator sees everybody's",
      response: all(grantSchema),
    },
    async ({ req }) => whole(await grants.list(resolveSelf(req))),
  );
  endpoint(
    { method: 'delete', path: '/grants/{id}', tag: 'Own consents', summary: "Withdraw one's own consent" },
    ({ req, params }) => grants.withdraw(resolveSelf(req), params['id'] ?? ''),
  );
  endpoint(
    { method: 'get', path: '/api-keys', tag: 'API keys', summary: 'Keys', response: all(apiKeySchema) },
    async ({ req }) => whole(await apiKeys.list(resolveSelf(req))),
  );
  endpoint(
    {
      method: 'post',
      path: '/api-keys',
      tag: 'API keys',
      summary: 'Make a key; `key` is shown this once',
      body: newKey,
      response: apiKeySchema.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' }),
      status: 201,
    },
    ({ req, body: { expiresAt = null, ...body } }) =>
      apiKeys.create(resolveSelf(req), { ...body, expiresAt }),
  );
  endpoint(
    { method: 'delete', path: '/api-keys/{id}', tag: 'API keys', summary: 'Revoke a key' },
    ({ req, params }) => apiKeys.revoke(resolveSelf(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/oauth-apps',
      tag: 'OAuth apps',
      summary: 'Registered OAuth apps',
      response: all(oauthAppSchema),
    },
    async ({ req }) => whole(await oauthApps.list(resolveAdministrator(req))),
  );
  endpoint(
    {
      method: 'post',
      path: '/oauth-apps',
      tag: 'OAuth apps',
      summary: 'Register an OAuth app',
      body: newApp,
      response: oauthAppSchema,
      status: 201,
    },
    ({ req, body }) => oauthApps.create(resolveAdministrator(req), body),
  );
  endpoint(
    {
      method: 'patch',
      path: '/oauth-apps/{id}',
      tag: 'OAuth apps',
      summary: 'Rename, or replace the secret',
      body: appChange,
      response: oauthAppSchema,
    },
    ({ req, params, body: { name, clientSecret } }) =>
      oauthApps.update(resolveAdministrator(req), params['id'] ?? '', {
        ...(name === undefined ? {} : { name }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
      }),
  );
  endpoint(
    {
      method: 'delete',
      path: '/oauth-apps/{id}',
      tag: 'OAuth apps',
      summary: 'Remove an OAuth app that nothing uses',
    },
    ({ req, params }) => oauthApps.remove(resolveAdministrator(req), params['id'] ?? ''),
  );
  return router;
}
