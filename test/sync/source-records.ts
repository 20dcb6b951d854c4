import { sql } from 'kysely';
import type { World } from '../../sandbox/world/types.ts';
import type { Connection, Db } from '../../store/schema.ts';

/** One record, or what one should be: everything of it that somebody can find, or that decides who may. */
export interface RecordRow {
  kind: string;
  id: string;
  title: string;
  body: string;
  /** Of a page, folder, … the place above it; of a comment or an attachment the page that it hangs on. */
  above: string | null;
  space: string | null;
  version: number;
  labels: string[];
}

/** What the world holds in the scope of the settings: told from the world alone. Sorted. */
export function recordsOfSource(world: World, settings: Connection['settings']): RecordRow[] {
  const scope = settings.scope ?? {};
  const spaces = new Set(
    world.spaces
      .filter(
        ({ status }) => status === 'current' || (status === 'archived' && scope.archivedSpaces === true),
      )
      .filter(({ type }) => type !== 'personal' || scope.personalSpaces !== false)
      .map(({ id }) => id),
  );
  const content = world.content.filter((one) => one.status === 'current' && spaces.has(one.spaceId));
  const holders = new Map(
    content.filter(({ type }) => type === 'page' || type === 'blogpost').map((one) => [one.id, one]),
  );
  const isHeld = (one: { status: string; containerId: string }) =>
    one.status === 'current' && holders.has(one.containerId);
  const hanging = ({ containerId, version }: { containerId: string; version: { number: number } }) => ({
    above: containerId,
    space: holders.get(containerId)?.spaceId ?? null,
    version: version.number,
    labels: [],
  });
  return [
    ...content.map((one) => ({
      kind: one.type,
      id: one.id,
      title: one.title,
      body: one.body,
      above: one.type === 'blogpost' ? null : one.parentId,
      space: one.spaceId,
      version: one.version.number,
      labels: isLabelled(one.type) ? one.labels.toSorted() : [],
    })),
    ...world.comments
      .filter(isHeld)
      .map((one) => ({ kind: 'comment', id: one.id, title: '', body: one.body, ...hanging(one) })),
    ...world.attachments
      .filter(isHeld)
      .map((one) => ({ kind: 'attachment', id: one.id, title: one.title, body: '', ...hanging(one) })),
  ].sort(byId);
}

/** What is stored of a connection, sorted in the same way. */
export async function recordsStored(db: Db, connectionId: string): Promise<RecordRow[]> {
  const { rows } = await sql<RecordRow>`
    select r.kind, r.external_id as id, case when r.kind = 'comment' then '' else r.title end as title,
      coalesce(b.raw, '') as body,
      case when r.kind = 'blogpost' then null
        when r.kind in ('comment', 'attachment') then r.container_id else r.parent_id end as above,
      s.external_id as space, r.version,
      case when r.kind in ('page', 'blogpost') then array(select unnest(r.labels) order by 1) else '{}' end as labels
    from records r
    left join record_bodies b on b.record_id = r.id
    left join spaces s on s.id = r.space_id
    where r.connection_id = ${connectionId}`.execute(db);
  return rows.map((row) => ({ ...row, labels: row.labels.toSorted() })).sort(byId);
}

function isLabelled(type: string): boolean {
  return type === 'page' || type === 'blogpost';
}

function byId(one: RecordRow, other: RecordRow): number {
  return `${one.kind} ${one.id}` < `${other.kind} ${other.id}` ? -1 : 1;
}
