import { sql, type RawBuilder } from 'kysely';
import type { ConnectionStatus, RecordKind } from '../store/schema.ts';
import { isoTime } from '../store/iso-time.ts';
import { fieldSources, type FieldSourceRow } from '../store/record-fields.ts';
import type { Place } from '../store/visible-records.ts';
import { headlineOptions, marks } from './snippet.ts';

/** A hit as the statement gives it. */
export interface HitRow {
  id: string;
  score: number;
  externalId: string;
  type: RecordKind;
  title: string;
  url: string;
  modifiedAt: string | null;
  space: { key: string; name: string } | null;
  author: { accountId: string; name: string } | null;
  connection: { id: string; name: string; status: ConnectionStatus };
  /** With marks where ts_headline found the words. */
  headline: string;
  /** Plain. */
  excerpt: string;
  breadcrumbs: Place[];
  /** The page of a comment or attachment, when the viewer may see it. */
  containerTitle: string | null;
  fieldSources: FieldSourceRow | null;
}

const strip = `${marks.start}${marks.stop}`;

/** How much of a text is looked through for snippets: ts_headline parses all that it is given. */
const headlineReach = 30_000;

/**
 * Texts and places of the rows of `page`, given the CTEs `page` (id, score) and `ways` (store/visible-records.ts).
 * @param positive tsquery whose words are marked; null for none
 */
export function hitDetails(
  positive: RawBuilder<unknown> | null,
  excerptAround: string | null,
): RawBuilder<HitRow> {
  const text = sql`translate(left(b.text, ${sql.lit(headlineReach)}), ${strip}, '')`;
  const headline =
    positive === null ? sql`''` : sql`ts_headline('sluice', ${text}, ${positive}, ${headlineOptions})`;
  const start =
    excerptAround === null
      ? sql`1`
      : sql`greatest(1, strpos(lower(normalize(b.text, nfkc)), lower(${excerptAround})) - 60)`;
  return sql<HitRow>`
    select p.id::text as id, p.score, r.external_id as "externalId", r.kind as type, r.title, r.url,
      ${isoTime(sql`r.modified_at`)} as "modifiedAt",
      case when sp.id is not null then json_build_object('key', sp.key, 'name', sp.name) end as space,
      case when r.author_id is not null
        then json_build_object('accountId', r.author_id, 'name', coalesce(a.display_name, '')) end as author,
      json_build_object('id', c.id, 'name', c.name, 'status', c.status) as connection,
      coalesce(${headline}, '') as headline, coalesce(substring(b.text from ${start} for 220), '') as excerpt,
      coalesce(way.places, '[]') as breadcrumbs, way.container_title as "containerTitle",
      ${fieldSources()} as "fieldSources"
    from page p
    join records r on r.id = p.id
    join connections c on c.id = r.connection_id
    left join record_bodies b on b.record_id = r.id
    left join spaces sp on sp.id = r.space_id
    left join atlassian_accounts a on a.connection_id = r.connection_id and a.account_id = r.author_id
    left join ways way on way.record_id = r.id`;
}
