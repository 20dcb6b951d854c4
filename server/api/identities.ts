import { Router } from 'express';
import { z } from 'zod';
import { unmatchedReasons } from '../../store/people-accounts.ts';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();
const nullableText = z.string().nullable();
const proofs = ['grant', 'sign_in', 'administrator'] as const;

const personSchema = z
  .object({
    connection: z.object({ id: z.uuid(), name: z.string() }),
    accountId: z.string(),
    name: z.string(),
    email: nullableText,
    emailBefore: nullableText,
    accountType: z.string(),
    state: z.enum(['matched', 'unmatched']),
    matchedBy: z.enum([...proofs, 'email']).nullable(),
    reason: z.enum(unmatchedReasons).nullable(),
    user: z.object({ id: z.uuid(), email: z.string(), name: z.string() }).nullable(),
    linkedBy: z.enum(proofs).nullable(),
    otherEmailOwner: nullableText,
    records: z.number().nullable(),
    countedAt: time.nullable(),
    readAt: time,
  })
  .meta({ id: 'Person' });

const peopleQuery = pageQuery.extend({
  connection: z.uuid('The id of a connection.').optional(),
  state: z.enum(['matched', 'unmatched', 'attention', ...unmatchedReasons]).optional(),
  q: z.string().max(200).optional(),
  sort: z.enum(['name', 'records']).optional(),
});

const peopleSchema = pageSchema(personSchema)
  .extend({ counts: z.record(z.string(), z.number()), uncounted: z.number() })
  .meta({ id: 'People' });

const pair = z.strictObject({ accountId: z.string().max(128), email: z.string().max(320) });
const importBody = z
  .strictObject({
    csv: z.string().max(2_000_000).optional(),
    rows: z.array(pair).max(20_000).optional(),
    dryRun: z.boolean().default(true),
    digest: z.string().max(100).optional(),
  })
  .refine((body) => (body.csv === undefined) !== (body.rows === undefined), {
    path: ['csv'],
    message: 'Give either csv (a text) or rows (a list of {accountId, email}).',
  })
  .meta({ id: 'PeopleImport' });

const planSchema = z
  .object({
    lines: z.array(
      z.object({
        line: z.int(),
        accountId: z.string(),
        email: z.string(),
        outcome: z.enum(['link', 'change', 'same', 'refused']),
        from: nullableText,
        refused: nullableText,
        note: nullableText,
      }),
    ),
    counts: z.object({ link: z.int(), change: z.int(), same: z.int(), refused: z.int() }),
    digest: z.string(),
    stored: z.boolean(),
  })
  .meta({ id: 'PeopleImportPlan' });

const confirmBody = z
  .strictObject({
    accounts: z
      .array(
        z.strictObject({
          connectionId: z.uuid(),
          accountId: z.string().max(128),
          email: z.string().max(320),
        }),
      )
      .min(1, 'At least one account.')
      .max(200, 'At most 200 at once.'),
  })
  .meta({ id: 'ConfirmedEmails' });

/** The calls on who is whom: accounts of connected sites, and the users here. */
export function createIdentitiesApi({ services: { people }, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/people',
      tag: 'People',
      summary: 'Accounts of connected sites: who each is here, or why nobody, and what it may read',
      query: peopleQuery,
      response: peopleSchema,
    },
    ({ req, query }) => people.accounts(resolveAdministrator(req), query),
  );
  endpoint(
    {
      method: 'post',
      path: '/people/import',
      tag: 'People',
      summary: 'Link accounts with users by a table; a dry run unless `dryRun` is false',
      body: importBody,
      response: planSchema,
      refusals: { 409: 'import_changed: with the digest of a plan that is another by now.' },
    },
    ({ req, body: { csv, rows, dryRun, digest } }) =>
      people.importTable(resolveAdministrator(req), csv === undefined ? { rows: rows ?? [] } : { csv }, {
        dryRun,
        digest,
      }),
  );
  endpoint(
    {
      method: 'post',
      path: '/people/confirm-email',
      tag: 'People',
      summary: 'Say that accounts whose email changed are still the same people',
      body: confirmBody,
      response: z.object({ confirmed: z.int() }).meta({ id: 'ConfirmedEmailCount' }),
      refusals: { 409: 'email_changed_again: one shows another email by now, or needs no confirmation.' },
    },
    async ({ req, body }) => ({
      confirmed: await people.confirmEmails(resolveAdministrator(req), body.accounts),
    }),
  );
  return router;
}
