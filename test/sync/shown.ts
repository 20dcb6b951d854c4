import { sql } from 'kysely';
import { searchRecords } from '../../search/search.ts';
import type { RecordPlace } from '../../store/record-order.ts';
import { listRecords, type RecordsPage } from '../../store/records-read.ts';
import type { Db } from '../../store/schema.ts';
import { loadReadableAcls } from '../../store/visibility.ts';

/** External ids of what the product shows to one user, each list sorted, by every way there is to it. */
export interface Shown {
  search: string[];
  word: string[];
  records: string[];
  acls: string[];
  /** Places above what is shown, named in breadcrumbs and ancestors. */
  above: string[];
  /** `totalVisible` of the two searches. */
  totals: [search: number, word: number];
}

/** How many hits or records a page has: small ones turn more leaves, large ones look at more. */
const smallPages = 7;

export async function shownTo(
  db: Db,
  connectionId: string,
  userId: string,
  word: string,
  limit = smallPages,
): Promise<Shown> {
  const search = await walkSearch(db, connectionId, userId, '', limit);
  const found = await walkSearch(db, connectionId, userId, word, limit);
  const records = await walkRecords(db, connectionId, userId, limit);
  return {
    search: search.ids.sort(),
    word: found.ids.sort(),
    records: records.ids.sort(),
    acls: await joinAcls(db, connectionId, userId),
    above: [...new Set([...search.above, ...found.above, ...records.above])].sort(),
    totals: [search.total, found.total],
  };
}

interface Walked {
  ids: string[];
  above: string[];
}

async function walkSearch(
  db: Db,
  connectionId: string,
  userId: string,
  q: string,
  limit: number,
): Promise<Walked & { total: number }> {
  const [ids, above]: [string[], string[]] = [[], []];
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    const query = { q, connection: [connectionId], limit, ...(cursor === null ? {} : { cursor }) };
    const page = await searchRecords(db, { userId }, query);
    ids.push(...page.hits.map((hit) => hit.externalId));
    above.push(...page.hits.flatMap((hit) => hit.breadcrumbs.map((place) => place.externalId)));
    total ??= page.totalVisible;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ids, above, total: total ?? 0 };
}

export async function walkRecords(
  db: Db,
  connectionId: string,
  userId: string,
  limit: number,
): Promise<Walked> {
  const [ids, above]: [string[], string[]] = [[], []];
  let after: RecordPlace | null = null;
  for (;;) {
    const page: RecordsPage = await listRecords(db, {
      viewer: { userId },
      everything: false,
      conditions: [sql<boolean>`r.connection_id = ${connectionId}`],
      after,
      limit,
    });
    ids.push(...page.rows.map((row) => row.externalId));
    above.push(...page.rows.flatMap((row) => row.ancestors.map((place) => place.externalId)));
    after = page.last;
    if (!page.more || after === null) return { ids, above };
  }
}

async function joinAcls(db: Db, connectionId: string, userId: string): Promise<string[]> {
  const readable = await loadReadableAcls(db, { userId });
  const { rows } = await sql<{ external_id: string }>`
    select external_id from records
    where connection_id = ${connectionId} and state = 'indexed' and acl_id::text = any(${readable}::text[])`.execute(
    db,
  );
  return rows.map((row) => row.external_id).sort();
}
