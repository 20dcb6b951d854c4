import { sql, type RawBuilder } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';
import { isGone } from './vanished.ts';
import type { SweepPart } from './sweep-parts.ts';

/** An item of a listing without bodies. `containerId` of comments and attachments; null where the answer tells none. */
export interface ListedItem {
  id: string;
  version: number;
  title: string;
  spaceId: string | null;
  parentId: string | null;
  containerId: string | null;
}

export interface Compared {
  /** Ids of what is not stored, hidden as gone, or of another version, title or place than stored. */
  news: string[];
  /** How many are stored as they are. */
  same: number;
}

/** Pages or posts that were listed, against what is stored. */
export async function compareContent(
  db: Db,
  connectionId: string,
  items: readonly ListedItem[],
): Promise<Compared> {
  const { rows } = await sql<{ id: string; same: boolean }>`
    select input.id, coalesce(r.version = input.version and r.title = input.title
      and r.parent_id is not distinct from input.parent and s.external_id is not distinct from input.space
      and r.state <> 'pending', false) as same
    from ${rowsAs(items.map(asRow), columns)}
    left join records r on r.connection_id = ${connectionId} and r.external_id = input.id
    left join spaces s on s.id = r.space_id`.execute(db);
  return sorted(rows);
}

/**
 * Comments or attachments that were listed, against what is stored; those of content that is not stored or left out are
 * left out, and what is left out itself is as it is.
 */
export async function compareDiscussion(
  db: Db,
  connectionId: string,
  items: readonly ListedItem[],
): Promise<Compared> {
  const { rows } = await sql<{ id: string; same: boolean }>`
    select input.id, coalesce(r.state in ('filtered', 'manual')
      or r.version = input.version and r.state <> 'pending', false) as same
    from ${rowsAs(items.map(asRow), columns)}
    left join records r on r.connection_id = ${connectionId} and r.external_id = input.id
    where r.id is not null or input.container is null or exists (
      select from records c where c.connection_id = ${connectionId} and c.external_id = input.container
        and c.kind in ('page', 'blogpost') and c.state not in ('pending', 'filtered', 'manual'))`.execute(db);
  return sorted(rows);
}

const columns = 'id text, version integer, title text, space text, parent text, container text';
const asRow = ({ spaceId, parentId, containerId, ...item }: ListedItem) => ({
  ...item,
  space: spaceId,
  parent: parentId,
  container: containerId,
});

function sorted(rows: readonly { id: string; same: boolean }[]): Compared {
  const news = rows.filter(({ same }) => !same).map(({ id }) => id);
  return { news, same: rows.length - news.length };
}

/** Which records a whole walk of a part would have listed, were they there. */
function recordsOf({
  kind,
  space_ids: spaceIds,
  part,
  connection_id: connectionId,
}: SweepPart): RawBuilder<unknown> {
  switch (kind) {
    case 'pages':
    case 'posts':
      return sql`r.kind = ${kind === 'pages' ? 'page' : 'blogpost'}
        and r.space_id in (select id from spaces where connection_id = ${connectionId} and external_id = any(${spaceIds}::text[]))`;
    case 'attachments':
      return sql`r.kind = 'attachment' and ${isLookedFor}`;
    case 'replies':
      return sql`r.kind = 'comment' and r.parent_id is not null and ${isLookedFor}`;
    default:
      // Where the walk met no reply at all, the site's listings hold none, and an absence says nothing of them.
      return sql`r.kind = 'comment' and r.attributes ->> 'placement' = ${kind} and ${isLookedFor}
        and (r.parent_id is null or exists (
          select from sweep_seen met join records reply on reply.connection_id = met.connection_id
            and reply.external_id = met.external_id and reply.parent_id is not null
          where met.connection_id = ${connectionId} and met.part = ${part}))`;
  }
}

/** What is left out is not looked for; what belongs to something hidden goes, or comes back, with that. */
const isLookedFor = sql`r.state not in ('filtered', 'manual') and exists (select from records c where c.connection_id = r.connection_id
  and c.external_id = r.container_id and not (c.state = 'pending' and c.attributes ? 'gone'))`;

/**
 * What is stored and a whole walk did not list, in the order of ids: what was stored before the walk began, or is hidden
 * as gone and not weighed to its end.
 */
export async function missedBy(
  db: Db,
  part: SweepPart,
  options: { after: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.external_id as id from records r
    where r.connection_id = ${part.connection_id} and ${recordsOf(part)} and r.external_id > ${options.after}
      and (r.synced_at <= ${part.began_at} or ${isGone})
      and not exists (select from sweep_seen met where met.connection_id = r.connection_id and met.part = ${part.part}
        and met.external_id = r.external_id)
      and not exists (select from vanished v where v.connection_id = r.connection_id
        and v.external_id = r.external_id and v.cause is not null)
    order by r.external_id limit ${options.limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Spaces that are stored and a whole walk of the list of spaces did not hold. */
export async function spacesMissedBy(db: Db, part: SweepPart): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.external_id as id from spaces s
    where s.connection_id = ${part.connection_id} and s.read_at <= ${part.began_at}
      and not exists (select from sweep_seen met where met.connection_id = s.connection_id and met.part = ${part.part}
        and met.external_id = s.external_id)
    order by s.id`.execute(db);
  return rows.map((row) => row.id);
}
