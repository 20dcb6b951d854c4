import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { NotFound } from '../../errors.ts';
import { recordConditions } from '../../search/record-conditions.ts';
import { listRecords } from '../../store/records-read.ts';
import type { Database } from '../../store/schema.ts';
import { describeAccess } from '../explain/describe.ts';
import { personAsked } from '../explain/person-asked.ts';
import { seesEverything } from '../explain/sees-everything.ts';
import { findRecord } from '../find-record.ts';
import { resolveViewer } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { viewerHeader } from './schemas.ts';
import { accessParameters, accessSchema } from './explain-schemas.ts';
import { cursorAt, placeAt, presentRecord } from './present-record.ts';
import { recordSchema, recordsPage, recordsParameters } from './record-schemas.ts';

/** GET /records, /records/{id} and /records/{id}/access. */
export function recordsRouter(deps: { db: Kysely<Database>; openapi?: OpenAPIRegistry }): Router {
  const { db } = deps;
  const router = Router();
  const endpoint = createEndpoints(router, deps.openapi ?? new OpenAPIRegistry());
  router.use('/records', (_req, res, next) => {
    res.setHeader('cache-control', 'private, no-store');
    next();
  });

  endpoint(
    {
      method: 'get',
      path: '/records',
      summary: 'Records that the viewer may see; of an administrator, every record, with bodies of those',
      tag: 'records',
      headers: viewerHeader,
      query: recordsParameters,
      response: recordsPage,
    },
    async ({ req, query }) => {
      const viewer = resolveViewer(req);
      const everything = seesEverything(req, viewer);
      const sort = query.sort ?? null;
      const { rows, more, last } = await listRecords(db, {
        viewer,
        everything,
        conditions: recordConditions(query, { viewer, everything }),
        sort,
        after: placeAt(sort, query.cursor),
        limit: query.limit,
      });
      return {
        items: rows.map(presentRecord),
        nextCursor: more && last !== null ? cursorAt(sort, last) : null,
      };
    },
  );

  endpoint(
    {
      method: 'get',
      path: '/records/{id}',
      summary: 'One record',
      tag: 'records',
      headers: viewerHeader,
      response: recordSchema,
    },
    async ({ req, params }) => presentRecord(await findRecord(db, req, params['id'])),
  );

  endpoint(
    {
      method: 'get',
      path: '/records/{id}/access',
      summary: 'Why a person can or cannot see a record, layer by layer',
      tag: 'records',
      headers: viewerHeader,
      query: accessParameters,
      response: accessSchema,
    },
    async ({ req, params, query }) => {
      const viewer = resolveViewer(req);
      const record = await findRecord(db, req, params['id']);
      const everything = seesEverything(req, viewer);
      const person = await personAsked(db, viewer, query.user, everything);
      const [access] = await describeAccess(db, [record], person, everything);
      if (access === undefined) throw new NotFound('This record');
      return access;
    },
  );

  return router;
}
