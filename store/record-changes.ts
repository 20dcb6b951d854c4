import { sql, type RawBuilder } from 'kysely';

/**
 * A CTE `news` that notes what an answer changes of records that are stored already: `updated` from one version to another,
 * `renamed`, `moved`. It reads them as they are before the statement that it is part of; what is new, or was a mere place
 * until now, makes no row.
 * @param options.of `all`: `input` has version, title and place; `place`: the place alone
 * @param options.asOf an older answer than the one that the place is from moves nothing
 *
 * Reads `input`: external_id, parent_id, container_id, own_space, and for `all` version and title.
 */
export function notedChanges(
  connectionId: string,
  runId: string | null,
  { of, asOf }: { of: 'all' | 'place'; asOf: Date },
): RawBuilder<unknown> {
  const told = (from: RawBuilder<unknown>, to: RawBuilder<unknown>) =>
    sql`jsonb_build_object('from', ${from}, 'to', ${to})`;
  const moved = sql`('moved', i.container_id is null and r.container_id is null and r.synced_at <= ${asOf}
      and (r.parent_id, r.space_id) is distinct from (i.parent_id, i.own_space),
      ${told(sql`r.parent_id`, sql`i.parent_id`)})`;
  const own = sql`('updated', r.version <> i.version, ${told(sql`r.version`, sql`i.version`)}),
      ('renamed', r.title <> i.title, ${told(sql`r.title`, sql`i.title`)}),`;
  return sql`
    news as (
      insert into record_events (connection_id, external_id, run_id, what, detail)
      select ${connectionId}::uuid, i.external_id, ${runId}::uuid, news.what, news.detail
      from input i
      cross join lateral (
        select r.* from records r
        where r.connection_id = ${connectionId} and r.external_id = i.external_id offset 0) r
      cross join lateral (values ${of === 'all' ? own : sql``} ${moved}) as news (what, happened, detail)
      where r.state <> 'pending' and news.happened)`;
}
