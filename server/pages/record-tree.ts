import { Router, type Request } from 'express';
import { sql, type RawBuilder } from 'kysely';
import { NotFound } from '../../errors.ts';
import { countBelow } from '../../store/record-counts.ts';
import { listRecords } from '../../store/records-read.ts';
import { recordsBase } from '../../web/screens/records/address.ts';
import { treeScreen, type TreeAt } from '../../web/screens/records/tree.ts';
import { cursorAt, placeAt, presentRecord, type RecordView } from '../api/present-record.ts';
import { recordIdSchema } from '../api/record-schemas.ts';
import { cursorOf, cursorPatterns } from '../paging.ts';
import { resolveAdministrator, resolveViewer } from '../viewer.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

const shown = 50;
/** Below each place so many records are counted; what is more is told as more. */
const countedBelow = 1_000;

const placeKinds = sql<boolean>`r.kind not in ('comment', 'attachment')`;
const partKinds = sql<boolean>`r.kind in ('comment', 'attachment')`;

/** The tree of a connection's records, one level a page: `?space=` a key, `?at=` the id of a record. */
export function recordTreePages(parts: PageParts): Router {
  const { services, db, browserUrl } = parts;
  const router = Router();

  router.get('/connections/:id/records', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const [counts, at] = await Promise.all([
      services.records.counts(actor, connection.id),
      placeOf(req, connection.id),
    ]);
    const level =
      at.is === 'top' ? await topLevel(req, connection.id) : await levelBelow(req, connection.id, at);
    show(parts, req, res, treeScreen({ connection, counts, at, ...level }));
  });

  async function placeOf(req: Request, connectionId: string): Promise<TreeAt> {
    const id = queryText(req, 'at');
    if (id !== undefined) {
      if (!recordIdSchema.safeParse(id).success) throw new NotFound('This record');
      const { rows } = await listRecords(db, {
        viewer: resolveViewer(req),
        everything: true,
        conditions: [sql<boolean>`(r.id = ${id}::bigint and r.connection_id = ${connectionId})`],
        among: sql`(select acl_id from records where id = ${id}::bigint)`,
        after: null,
        limit: 1,
        bodies: false,
      });
      if (rows[0] === undefined) throw new NotFound('This record');
      return { is: 'record', record: presentRecord(rows[0]) };
    }
    const key = queryText(req, 'space');
    if (key === undefined) return { is: 'top' };
    const space = await db
      .selectFrom('spaces')
      .select(['key', 'name'])
      .where('connection_id', '=', connectionId)
      .where('key', '=', key)
      .executeTakeFirst();
    if (space === undefined) throw new NotFound('This space');
    return { is: 'space', ...space };
  }

  async function topLevel(req: Request, connectionId: string) {
    const actor = resolveAdministrator(req);
    const [id, ...name] = (cursorOf({ cursor: queryText(req, 'cursor') }, cursorPatterns.text) ?? '').split(
      ' ',
    );
    const after = id === undefined || !/^\d{1,18}$/.test(id) ? null : { id, name: name.join(' ') };
    const found = await services.records.spaces(actor, connectionId, { after, limit: shown + 1 });
    const spaces = found.slice(0, shown);
    const last = spaces.at(-1);
    const cursor =
      found.length > shown && last !== undefined
        ? Buffer.from(`${last.id} ${last.name}`).toString('base64url')
        : null;
    return {
      ...nothing,
      spaces,
      more: cursor === null ? null : `${recordsBase(connectionId)}?cursor=${cursor}`,
    };
  }

  async function levelBelow(req: Request, connectionId: string, at: Exclude<TreeAt, { is: 'top' }>) {
    const viewer = resolveViewer(req);
    const below: RawBuilder<boolean> =
      at.is === 'space'
        ? sql<boolean>`(r.parent_id is null and r.container_id is null and r.space_id in (
            select id from spaces where connection_id = ${connectionId} and key = ${at.key}))`
        : sql<boolean>`(r.connection_id = ${connectionId} and (r.container_id = ${at.record.externalId}
            or (r.container_id is null and r.parent_id = ${at.record.externalId})))`;
    const list = (kinds: RawBuilder<boolean>, cursor?: string) =>
      listRecords(db, {
        viewer,
        everything: true,
        conditions: [below, kinds],
        sort: 'title',
        after: placeAt('title', cursor),
        limit: shown,
        bodies: false,
      });
    const cursor = queryText(req, 'cursor');
    const [places, own] = await Promise.all([
      list(placeKinds, cursor),
      at.is === 'record' && cursor === undefined ? list(partKinds) : null,
    ]);
    const ids = places.rows.map(({ externalId }) => externalId);
    const where = at.is === 'space' ? { space: at.key } : { at: at.record.id };
    const next = places.more && places.last !== null ? cursorAt('title', places.last) : null;
    return {
      ...nothing,
      places: places.rows.map(present),
      parts: own?.rows.map(present) ?? [],
      moreParts: own?.more ?? false,
      below: await countBelow(db, connectionId, ids, countedBelow),
      more:
        next === null
          ? null
          : `${recordsBase(connectionId)}?${new URLSearchParams({ ...where, cursor: next })}`,
    };
  }

  function present(row: Parameters<typeof presentRecord>[0]): RecordView {
    const record = presentRecord(row);
    return { ...record, url: browserUrl(record.url) };
  }

  return router;
}

const nothing = {
  spaces: [],
  places: [] as RecordView[],
  parts: [] as RecordView[],
  below: new Map(),
  more: null as string | null,
  moreParts: false,
};
