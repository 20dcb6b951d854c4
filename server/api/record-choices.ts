import { Router } from 'express';
import { z } from 'zod';
import { reasons } from '../../scope/reasons.ts';
import { recordKinds } from '../../search/types.ts';
import { toldStates } from '../../store/told-state.ts';
import type { AppParts } from '../app.ts';
import { findRecord } from '../find-record.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { presentRecord } from './present-record.ts';
import { recordFilters, recordIdSchema } from './record-schemas.ts';
import { orNull, runSchema } from './schemas.ts';
import { text } from './search-parameters.ts';

const connection = z.uuid('Must be the id of a connection, as GET /connections lists them.');
const ids = z.array(recordIdSchema).min(1, 'Name a record.').max(500, 'At most 500 records.');

const target = z
  .strictObject({
    connection,
    ids: ids.optional(),
    subtree: recordIdSchema.optional().meta({ description: 'Id of a record: it and all below it.' }),
    space: text.optional().meta({ description: 'Key of a space.' }),
    selection: z.uuid('Must be the id of a selection.').optional(),
    matching: recordFilters.optional().meta({ description: 'All that these filters find now.' }),
  })
  .meta({ id: 'RecordTarget', description: 'The connection, and exactly one of the others.' });

const chosen = z
  .object({
    records: z.int().meta({ description: 'All that the choice reaches, comments and attachments among it.' }),
    leftOut: z.int().meta({ description: 'Not indexed any more from now on.' }),
    takenIn: z.int().meta({ description: 'Wanted now: read by the sync that starts, or by the next one.' }),
    run: orNull(runSchema),
  })
  .meta({ id: 'RecordsChosen' });

const counts = z
  .object({
    records: z.int(),
    states: z.array(z.object({ state: z.enum(toldStates), records: z.int() })),
    kinds: z.array(z.object({ type: z.enum(recordKinds), records: z.int(), indexed: z.int() })),
    reasons: z.array(
      z.object({ state: z.enum(toldStates), reason: z.enum(reasons), words: z.string(), records: z.int() }),
    ),
  })
  .meta({ id: 'RecordCounts' });

const selection = z
  .object({
    id: z.string(),
    name: z.string(),
    filters: z.record(z.string(), z.unknown()),
    createdBy: z.string().nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'RecordSelection' });

const history = z.object({
  items: z.array(
    z.object({ at: z.string(), what: z.string(), words: z.string(), runId: z.string().nullable() }),
  ),
});

const versions = z.object({
  items: z.array(
    z.object({
      number: z.int(),
      at: z.string(),
      author: z.object({ accountId: z.string(), name: z.string() }).nullable(),
      message: z.string(),
      minor: z.boolean(),
    }),
  ),
  more: z.boolean().meta({ description: 'There are older ones, which are not listed.' }),
});

/** What administrators ask of records: counts, choices by hand, selections, what happened to one. */
export function createRecordChoicesApi({ services, openapi, db }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const { records } = services;
  const tag = 'records';
  const noSync = { 409: 'No sync may start, or nothing of it is failed: the reason is in words.' };

  endpoint(
    {
      method: 'get',
      path: '/records/counts',
      summary:
        'How many records of a connection are in which state, of which kind, and by which rule they are left out',
      tag,
      query: z.strictObject({ connection }),
      response: counts,
    },
    ({ req, query }) => records.counts(resolveAdministrator(req), query.connection),
  );
  for (const [name, indexed, does] of [
    ['index', true, 'Takes records in by hand; filters count all the same'],
    ['unindex', false, 'Leaves records out by hand, from the moment of the answer on'],
  ] as const) {
    endpoint(
      { method: 'post', path: `/records/${name}`, summary: does, tag, body: target, response: chosen },
      ({ req, body: { connection: id, ...what } }) =>
        records.choose(resolveAdministrator(req), id, what, indexed),
    );
  }
  endpoint(
    {
      method: 'post',
      path: '/records/retry',
      summary: 'Tries again now what failed of some records',
      tag,
      body: z.strictObject({ connection, ids }).meta({ id: 'RetryOfRecords' }),
      response: runSchema,
      status: 202,
      refusals: noSync,
    },
    ({ req, body }) => records.retry(resolveAdministrator(req), body.connection, body.ids),
  );
  endpoint(
    {
      method: 'get',
      path: '/records/{id}/history',
      summary: 'What happened to a record here, newest first',
      tag,
      response: history,
    },
    async ({ req, params }) => {
      const actor = resolveAdministrator(req);
      return { items: await records.history(actor, await findRecord(db, req, params['id'])) };
    },
  );
  endpoint(
    {
      method: 'get',
      path: '/records/{id}/versions',
      summary: 'The versions of a page or blog post, asked of the site now',
      tag,
      response: versions,
      refusals: { 409: 'It is neither a page nor a blog post.', 502: 'The site could not be asked.' },
    },
    async ({ req, params }) => {
      const actor = resolveAdministrator(req);
      return records.versions(actor, await findRecord(db, req, params['id']));
    },
  );
  endpoint(
    {
      method: 'post',
      path: '/records/{id}/read-again',
      summary: 'Reads a record anew with a sync that starts now, or with the next one',
      tag,
      response: z.object({ run: orNull(runSchema) }),
      status: 202,
      refusals: { 409: 'It is not indexed, or has no text.' },
    },
    async ({ req, params }) => {
      const actor = resolveAdministrator(req);
      return records.readAgain(actor, presentRecord(await findRecord(db, req, params['id'])));
    },
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/selections',
      summary: 'Saved lists of records, by their filters',
      tag,
      response: z.object({ items: z.array(selection) }),
    },
    async ({ req, params }) => ({
      items: await records.selections.list(resolveAdministrator(req), params['id'] ?? ''),
    }),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/selections',
      summary: 'Saves filters of a list of records under a name',
      tag,
      body: z.strictObject({ name: z.string(), filters: recordFilters }).meta({ id: 'NewRecordSelection' }),
      response: selection,
      status: 201,
      refusals: { 409: 'The name is taken, or there are too many.' },
    },
    ({ req, params, body }) => records.selections.save(resolveAdministrator(req), params['id'] ?? '', body),
  );
  endpoint(
    {
      method: 'delete',
      path: '/connections/{id}/selections/{selectionId}',
      summary: 'Forgets a saved list; nothing of its records changes',
      tag,
    },
    async ({ req, params }) => {
      const { id = '', selectionId = '' } = params;
      await records.selections.remove(resolveAdministrator(req), id, selectionId);
    },
  );
  return router;
}
