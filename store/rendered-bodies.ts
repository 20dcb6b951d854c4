import { sql } from 'kysely';
import { foldText } from '../content/fold.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

/** A stored body that was rendered by other rules than the present ones. */
export interface StaleBody {
  id: string;
  externalId: string;
  kind: 'page' | 'blogpost' | 'comment';
  title: string;
  spaceKey: string;
  raw: string;
  /** Digest of the rules that it was rendered by. */
  rules: string;
}

/** A body as it is to be stored; `before`: the rules that it was rendered by when it was read. */
export interface RenderedBody {
  id: string;
  markdown: string;
  text: string;
  cjk: string | null;
  before: string;
}

/** Digest of the rules that all bodies of a connection are rendered by; null where they are not known to be the same. */
export async function renderedRules(db: Db, connectionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('connections')
    .select('rendered_rules')
    .where('id', '=', connectionId)
    .executeTakeFirst();
  return row?.rendered_rules ?? null;
}

/** Notes that every body of the connection is rendered by these rules. */
export async function noteRenderedRules(db: Db, connectionId: string, rules: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ rendered_rules: rules })
    .where('id', '=', connectionId)
    .where(sql<boolean>`rendered_rules is distinct from ${rules}`)
    .execute();
}

/**
 * A stretch of a connection's bodies in the order of their external ids: of the next `limit` after `after`, those that
 * were rendered by other rules than these, and no more once their raw forms reach `bytes`.
 * @returns next: where the walk goes on; null at its end
 *
 * The stretch is cut before bodies are looked at: how many of them are stale the planner guesses from all connections,
 * and where it guesses few it would read the bodies of all for each batch.
 */
export async function listStaleBodies(
  db: Db,
  connectionId: string,
  { rules, after, limit, bytes }: { rules: string; after: string; limit: number; bytes: number },
): Promise<{ bodies: StaleBody[]; next: string | null }> {
  const { rows } = await sql<{ end: string | null; listed: number; stale: number; body: StaleBody | null }>`
    with page as materialized (
      select r.id, r.external_id, r.kind, r.title, r.space_id from records r
      where r.connection_id = ${connectionId} and r.external_id > ${after}
        and r.kind in ('page', 'blogpost', 'comment')
      order by r.external_id limit ${limit}),
    stale as materialized (
      select p.*, b.raw, b.rules,
        sum(octet_length(b.raw)) over (order by p.external_id rows between unbounded preceding and 1 preceding) as before
      from page p join record_bodies b on b.record_id = p.id
      where b.format = 'storage' and b.rules <> ${rules})
    select whole.*, t.body
    from (
      select (select max(external_id) from page) as "end", (select count(*)::int from page) as listed,
        (select count(*)::int from stale) as stale) whole
    left join (
      -- A comment is rendered without a space, as when it is read.
      select stale.external_id, json_build_object('id', stale.id::text, 'externalId', stale.external_id, 'kind', kind,
        'title', title, 'spaceKey', case when kind = 'comment' then '' else coalesce(s.key, '') end,
        'raw', raw, 'rules', rules) as body
      from stale left join spaces s on s.id = stale.space_id
      where before is null or before < ${bytes}) t on true
    order by t.external_id`.execute(db);
  const bodies = rows.flatMap(({ body }) => body ?? []);
  const { end = null, listed = 0, stale = 0 } = rows[0] ?? {};
  if (bodies.length < stale) return { bodies, next: bodies.at(-1)?.externalId ?? null };
  return { bodies, next: listed < limit ? null : end };
}

/**
 * Stores bodies that were rendered anew, in one statement. What was written meanwhile is left alone: it was rendered
 * by newer rules. Title and labels of the search vector stay as they are.
 */
export async function saveRenderedBodies(
  db: Db,
  rules: string,
  bodies: readonly RenderedBody[],
): Promise<void> {
  if (bodies.length === 0) return;
  const rows = bodies.map(({ id, markdown, text, cjk, before }) => {
    const { plain, pairs } = foldText(text);
    return { id, markdown, body: text, cjk, before, plain, pairs };
  });
  await sql`
    with input as materialized (
      select input.* from ${rowsAs(
        rows,
        'id bigint, markdown text, body text, cjk text, before text, plain text, pairs text',
      )}),
    written as (
      update record_bodies b set markdown = i.markdown, text = i.body, rules = ${rules}
      from input i where b.record_id = i.id and b.rules = i.before
      returning b.record_id)
    update record_search s set words = sluice_reworded(s.words, i.plain, i.pairs), cjk = i.cjk
    from input i join written w on w.record_id = i.id
    where s.record_id = i.id`.execute(db);
}
