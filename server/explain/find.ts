import { sql, type RawBuilder } from 'kysely';
import { matchingOf } from '../../search/matching.ts';
import { parseQuery } from '../../search/query.ts';
import { listRecords, type RecordRow } from '../../store/records-read.ts';
import type { Db } from '../../store/schema.ts';
import type { ViewerId } from '../../store/visibility.ts';
import type { AskedItem } from './asked-item.ts';

/** Items that one question explains at most. */
export const mostItems = 10;

type Condition = RawBuilder<boolean>;

export interface Found {
  rows: RecordRow[];
  more: boolean;
}

/**
 * The records that were asked about and that the viewer may see; with `everything`, all of them. What is not there and
 * what may not be seen cost the same two statements and come back alike.
 * @param options.connectionId only of this connection
 */
export async function findItems(
  db: Db,
  viewer: ViewerId,
  asked: AskedItem,
  options: { everything: boolean; connectionId: string | undefined },
): Promise<Found> {
  const where = whereOf(asked);
  const of = ofConnections(asked, options.connectionId);
  const list = (conditions: Condition[]) =>
    listRecords(db, {
      viewer,
      everything: options.everything,
      conditions: [of, ...conditions],
      among: sql`(select r.acl_id from records r left join record_search s on s.record_id = r.id
        where ${sql.join([of, ...conditions], sql` and `)})`,
      after: null,
      limit: mostItems,
    });
  const exact = await list(where.exact);
  const similar = await list(where.similar);
  return exact.rows.length > 0 ? exact : similar;
}

const nothing: Condition[] = [sql<boolean>`false`];

/** `similar` counts only where nothing is found by `exact`. */
function whereOf(asked: AskedItem): { exact: Condition[]; similar: Condition[] } {
  const { as, externalIds = [], recordId, spaceKey, containerId, title } = asked;
  if (as === 'title' && title !== undefined) {
    return {
      exact: [...wordsOf(title), sql<boolean>`lower(r.title) = lower(${title})`],
      similar: [...wordsOf(title), sql<boolean>`position(lower(${title}) in lower(r.title)) > 0`],
    };
  }
  const exact = (condition: Condition) => ({ exact: [condition], similar: nothing });
  if (externalIds.length > 0 || recordId !== undefined) {
    // Each half by an index of its own.
    return exact(sql<boolean>`r.id in (
      select id from records where id = ${recordId ?? '0'}::bigint
      union all
      select id from records where connection_id in (select id from connections)
        and external_id = any(${externalIds}::text[]))`);
  }
  if (containerId !== undefined)
    return exact(
      sql<boolean>`r.container_id = ${containerId} and r.kind = 'attachment' and r.title = ${title ?? ''}`,
    );
  if (spaceKey === undefined) return { exact: nothing, similar: nothing };
  const spaces = sql`select id from spaces where key = ${spaceKey}`;
  return exact(
    title === undefined
      ? sql<boolean>`exists (select from spaces sp where sp.key = ${spaceKey}
          and sp.connection_id = r.connection_id and sp.homepage_id = r.external_id)`
      : sql<boolean>`r.space_id in (${spaces}) and r.kind in ('page', 'blogpost') and lower(r.title) = lower(${title})`,
  );
}

/** The index of words finds the few whose title may be meant. A title of signs alone has no words: then all are looked at. */
function wordsOf(title: string): Condition[] {
  const { indexed, proofs } = matchingOf(parseQuery(`"${title.replaceAll('"', ' ')}"`));
  return indexed === null ? [] : [sql<boolean>`s.words @@ ${indexed}`, ...proofs];
}

function ofConnections({ host }: AskedItem, connectionId: string | undefined): Condition {
  const conditions = [sql`true`];
  if (connectionId !== undefined) conditions.push(sql`id = ${connectionId}::uuid`);
  if (host !== undefined) conditions.push(sql`lower(substring(site_url from '^[a-z]+://([^/]+)')) = ${host}`);
  return sql<boolean>`r.connection_id in (select id from connections where ${sql.join(conditions, sql` and `)})`;
}
