import { sql } from 'kysely';
import type { Layer } from '../permissions/types.ts';
import type { Db } from './schema.ts';

/** A disagreement with Confluence about one person and one page, named for people. */
export interface Disagreement {
  id: string;
  at: Date;
  state: 'open' | 'resolved';
  /** True: we were too open, and the page is hidden from everybody while this is open. */
  ours: boolean;
  accountId: string;
  person: string;
  externalId: string;
  /** null: the record is gone here. */
  recordId: string | null;
  title: string;
  url: string;
  /** Our verdicts when it was found. */
  layers: { kind: Layer['kind']; sourceId: string; state: Layer['state']; admitted: boolean }[];
  resolvedAt: Date | null;
  resolution: string | null;
}

/** Open ones first, newest first: what stands before the row `after` is left out. */
export async function listDisagreements(
  db: Db,
  connectionId: string,
  page: { state: 'open' | 'resolved' | null; after: string | null; limit: number },
): Promise<Disagreement[]> {
  const { rows } = await sql<
    Omit<Disagreement, 'layers'> & { layers: { layer: Layer; admitted: boolean }[] }
  >`
    with cut as (
      select state = 'open' as open, id from permission_checks
      where connection_id = ${connectionId} and id = ${page.after}::bigint)
    select c.id::text as id, c.at, c.state, c.ours, c.account_id as "accountId", c.layers,
      coalesce(nullif(a.display_name, ''), c.account_id) as person, c.external_id as "externalId",
      r.id::text as "recordId", coalesce(r.title, '') as title, coalesce(r.url, '') as url,
      c.resolved_at as "resolvedAt", c.resolution
    from permission_checks c
    left join atlassian_accounts a on a.connection_id = c.connection_id and a.account_id = c.account_id
    left join records r on r.connection_id = c.connection_id and r.external_id = c.external_id
    where c.connection_id = ${connectionId} and c.state in ('open', 'resolved')
      and (${page.state}::text is null or c.state = ${page.state})
      and (${page.after}::text is null or (c.state = 'open', c.id) < (select open, id from cut))
    order by c.state = 'open' desc, c.id desc limit ${page.limit}`.execute(db);
  return rows.map((row) => ({
    ...row,
    layers: row.layers.map(({ layer, admitted }) => ({
      kind: layer.kind,
      sourceId: layer.sourceId,
      state: layer.state,
      admitted,
    })),
  }));
}
