import type { Db } from '../store/schema.ts';
import { askReadable } from '../store/readable-sets.ts';
import type { ViewerId } from '../store/visibility.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { fieldsOf } from '../store/record-fields.ts';
import type { HitRow } from './details.ts';
import { filterConditions } from './filters.ts';
import { matchingOf } from './matching.ts';
import { parseQuery, type ParsedQuery } from './query.ts';
import { markWords, segmentsOf } from './snippet.ts';
import { reachesOf, type Reach } from './reach.ts';
import { searchStatement } from './statement.ts';
import { shownTitle } from './title.ts';
import type { Hit, SearchPage, SearchQuery } from './types.ts';

/** Visible matches are counted and ranked up to here; beyond, the total says "1,000+". */
export const countedUpTo = 1_000;

/** Hits on a page: at most, and when nothing is said. */
export const pageSize = { most: 50, usual: 10 } as const;

/**
 * What `viewer` finds: ranked hits with snippets and breadcrumbs, counts and facets, all of it only over what that
 * person may see at this moment. Pages are stable: a record that comes later shifts nothing.
 * @throws SluiceError `invalid_cursor` (400)
 */
export async function searchRecords(db: Db, viewer: ViewerId, query: SearchQuery): Promise<SearchPage> {
  const parsed = parseQuery(query.q, { prefix: query.prefix === true });
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, query);
  const limit = Math.min(Math.max(1, query.limit ?? pageSize.usual), pageSize.most);
  const asOf = after?.asOf ?? Date.now();
  const words = parsed.groups.flat().map((term) => term.text);
  const matching = matchingOf(parsed);
  const filters = filterConditions(query, parsed.fields, viewer);
  const ask = (reach: Reach) =>
    askReadable(db, viewer, async (readable) => {
      const { rows } = await searchStatement({
        readable,
        matching,
        filters,
        after,
        asOf,
        limit,
        cap: countedUpTo,
        reach,
        excerptAround: words[0] ?? null,
      }).execute(db);
      return rows[0]?.page ?? null;
    });
  const inSpaces = query.space !== undefined || parsed.fields.space !== undefined;
  const [first, ...further] = await reachesOf(db, viewer, matching.indexed, inSpaces);
  let found = await ask(first);
  for (const reach of further) {
    if (found.complete || found.enough) break;
    found = await ask(reach);
  }
  const shown = found.hits.slice(0, limit);
  const last = shown.at(-1);
  const more = found.hits.length > limit && last !== undefined;
  const newestId = after?.newestId ?? found.newestId;
  return {
    hits: shown.map((row) => hitOf(row, words)),
    totalVisible: Math.min(found.total, countedUpTo),
    totalIsExact: found.complete && found.total <= countedUpTo,
    facets: {
      connections: found.connections,
      spaces: found.spaces,
      types: found.types,
      labels: found.labels,
    },
    nextCursor: more ? encodeCursor({ asOf, newestId, score: String(last.score), id: last.id }, query) : null,
    interpreted: parsed satisfies ParsedQuery,
  };
}

function hitOf(row: HitRow, words: readonly string[]): Hit {
  const { headline, excerpt, containerTitle, fieldSources, ...rest } = row;
  const marked = segmentsOf(headline);
  const title = shownTitle(row.type, row.title, containerTitle);
  return {
    ...rest,
    title,
    fields: fieldsOf(fieldSources, title),
    snippet: marked.some((segment) => segment.mark) ? marked : segmentsOf(markWords(excerpt, words)),
  };
}
