import { Router, type Request } from 'express';
import { sql } from 'kysely';
import { InvalidInput, NotFound } from '../../errors.ts';
import { recordConditions } from '../../search/record-conditions.ts';
import { countUpTo } from '../../store/records-matched.ts';
import { listRecords } from '../../store/records-read.ts';
import { isNarrowed, recordsBase, type ListState } from '../../web/screens/records/address.ts';
import { listScreen } from '../../web/screens/records/list.ts';
import { selectionsScreen } from '../../web/screens/records/selections.ts';
import { cursorAt, placeAt, presentRecord, type RecordView } from '../api/present-record.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator, resolveViewer } from '../viewer.ts';
import { attempt, formText, goOn, pathPart, queryText, show, type PageParts } from './page.ts';
import { filtersOf, listStateOf, stateOfFilters } from './record-list-state.ts';

const listed = 50;
/** What matches is counted so far while the list is shown; to the end, before something is done with all of it. */
const countedAtMost = 50_000;

/** All records of a connection as a list, and the selections that are made of it. */
export function recordListPages(parts: PageParts): Router {
  const { services, db, now, browserUrl } = parts;
  const router = Router();

  router.get('/connections/:id/records/list', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const state = listStateOf(req, 'query');
    const counts = await services.records.counts(actor, connection.id);
    const { filters, errors } = filtersOf(state);
    const found = filters === null ? null : await find(req, connection.id, state, filters);
    show(
      parts,
      req,
      res,
      listScreen({
        csrfToken: csrfToken(req),
        connection,
        counts,
        state,
        errors: errors ?? {},
        records: found?.records ?? [],
        nextCursor: found?.nextCursor ?? null,
        matching: found?.matching ?? null,
        now: now(),
      }),
      filters === null ? 422 : 200,
    );
  });

  async function find(
    req: Request,
    connectionId: string,
    state: ListState,
    filters: NonNullable<ReturnType<typeof filtersOf>['filters']>,
  ) {
    const viewer = resolveViewer(req);
    const sort = state.sort === '' ? null : state.sort;
    const conditions = recordConditions(filters, { viewer, everything: true });
    const [{ rows, more, last }, counted] = await Promise.all([
      listRecords(db, {
        viewer,
        everything: true,
        conditions: [sql<boolean>`r.connection_id = ${connectionId}`, ...conditions],
        sort,
        after: placeAt(sort, queryText(req, 'cursor')),
        limit: listed,
        bodies: false,
      }),
      isNarrowed(state) ? countUpTo(db, connectionId, conditions, countedAtMost) : null,
    ]);
    return {
      records: rows.map((row): RecordView => {
        const record = presentRecord(row);
        return { ...record, url: browserUrl(record.url) };
      }),
      nextCursor: more && last !== null ? cursorAt(sort, last) : null,
      matching:
        counted === null
          ? null
          : { records: Math.min(counted, countedAtMost), more: counted > countedAtMost },
    };
  }

  router.get('/connections/:id/records/selections', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const selections = await services.records.selections.list(actor, connection.id);
    show(
      parts,
      req,
      res,
      selectionsScreen({
        csrfToken: csrfToken(req),
        connection,
        selections: selections.map((one) => ({ ...one, filters: stateOfFilters(one.filters) })),
        now: now(),
      }),
    );
  });

  router.post('/connections/:id/records/selections', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const { filters, errors } = filtersOf(listStateOf(req, 'form'));
    if (filters === null) throw new InvalidInput(errors);
    await attempt(req, res, `${recordsBase(connection.id)}/selections`, async () => {
      const { name } = await services.records.selections.save(actor, connection.id, {
        name: formText(req, 'name', 200),
        filters,
      });
      return { code: 'saved', message: `The selection "${name}" is saved.` };
    });
  });

  router.post('/connections/:id/records/selections/:selection/delete', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const path = `${recordsBase(connection.id)}/selections`;
    try {
      await services.records.selections.remove(actor, connection.id, pathPart(req, 'selection'));
      const message = 'The selection is deleted. Nothing changed of its records.';
      await goOn(req, res, path, { ok: true, code: 'deleted', message });
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await goOn(req, res, path, { ok: false, code: 'gone', message: 'It was deleted already.' });
    }
  });

  return router;
}
