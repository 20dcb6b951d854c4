import { setTimeout as sleep } from 'node:timers/promises';
import { listAllSpaces } from '../../atlassian/confluence/all-spaces.ts';
import type { Kysely } from 'kysely';
import { cqlString } from '../../atlassian/confluence/cql.ts';
import type { ConfluenceReader, ConfluenceSpace } from '../../atlassian/confluence/types.ts';
import { countBySpace } from '../../store/filter-values.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { whyUnread, type ReadSite } from './site-reader.ts';

/** A space of a site, to be chosen. */
export interface SpaceChoice {
  id: string;
  key: string;
  name: string;
  /** `global`, `personal`, …, as Confluence calls it. */
  type: string;
  /** `current`, `archived`. */
  status: string;
  /** Pages and blog posts that are stored, or that the site counts; null: not known just now. */
  pages: number | null;
}

export interface SpaceChoices {
  items: SpaceChoice[];
  /** All that the search finds. */
  found: number;
  /** Why the site could not be asked, so that these are the spaces of the last sync; null: it was asked. */
  notAsked: string | null;
}

/** A list of spaces is read from the site once in this time: each space in it costs a point. */
const keptMs = 15 * 60_000;
const mostSites = 50;
const mostSpaces = 20_000;
/** Who asks waits so long; the reading of a large site's list goes on behind that, for the next who asks. */
const patienceMs = 8_000;
const readingMs = 5 * 60_000;
const countingMs = 4_000;
const countsAtOnce = 4;

interface Kept {
  at: number;
  credential: number;
  spaces: Promise<ConfluenceSpace[]>;
  counts: Map<string, number>;
}

/**
 * Finds spaces of a connection's site by key and name. The whole list is read from the site and kept for minutes in this
 * process; sizes come from what is stored, and for what is not from the site: one question a space, for those shown alone.
 */
export function createSpaceChoices(deps: {
  db: Kysely<Database>;
  readSite: ReadSite;
  now?: () => number;
  /** Unless given, some seconds. */
  patienceMs?: number;
}): (
  connection: Connection,
  search: { named: string; after: number; limit: number },
) => Promise<SpaceChoices> {
  const { db, readSite } = deps;
  const now = deps.now ?? Date.now;
  const patience = deps.patienceMs ?? patienceMs;
  const kept = new Map<string, Kept>();

  function listOf(connection: Connection): Kept {
    const { id, credential_version: credential } = connection;
    const known = kept.get(id);
    if (known !== undefined && known.credential === credential && now() - known.at < keptMs) return known;
    kept.delete(id);
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostSites + 1)))
      kept.delete(oldest);
    const spaces = readSite(connection, (reader) => listAllSpaces(reader, { most: mostSpaces }), {
      withinMs: readingMs,
    });
    const entry = { at: now(), credential, spaces, counts: new Map<string, number>() };
    kept.set(id, entry);
    // What failed is tried again by the next who asks.
    spaces.catch(() => kept.get(id) === entry && kept.delete(id));
    return entry;
  }

  async function sizesOf(
    connection: Connection,
    { counts }: Kept,
    spaces: ConfluenceSpace[],
  ): Promise<Map<string, number>> {
    const stored = await countBySpace(
      db,
      connection.id,
      spaces.map(({ id }) => id),
    );
    const asked = spaces.filter(({ id }) => (stored.get(id) ?? 0) === 0 && !counts.has(id));
    if (asked.length > 0) {
      const count = async (reader: ConfluenceReader) => {
        for (let at = 0; at < asked.length; at += countsAtOnce) {
          await Promise.all(
            asked.slice(at, at + countsAtOnce).map(async ({ id, key }) => {
              counts.set(id, await reader.count(`space = ${cqlString(key)} and type in (page, blogpost)`));
            }),
          );
        }
      };
      await readSite(connection, count, { withinMs: countingMs }).catch((error: unknown) => {
        if (whyUnread(error) === null) throw error;
      });
    }
    return new Map(
      spaces.flatMap(({ id }) => {
        const size = stored.get(id) || (counts.get(id) ?? stored.get(id));
        return size === undefined ? [] : [[id, size]];
      }),
    );
  }

  return async (connection, { named, after, limit }) => {
    const entry = listOf(connection);
    let notAsked: string | null = null;
    let spaces: ConfluenceSpace[];
    try {
      spaces = await within(patience, entry.spaces);
    } catch (error) {
      notAsked = error instanceof StillReading ? error.message : whyUnread(error);
      if (notAsked === null) throw error;
      spaces = (await loadSpaces(db, connection.id)).map((space) => ({
        id: space.external_id,
        key: space.key,
        name: space.name,
        type: space.type,
        status: space.status,
        homepageId: null,
        webPath: '',
      }));
    }
    const found = search(spaces, named);
    const shown = found.slice(after, after + limit);
    const sizes =
      notAsked === null
        ? await sizesOf(connection, entry, shown)
        : await countBySpace(
            db,
            connection.id,
            shown.map(({ id }) => id),
          );
    return {
      items: shown.map(({ id, key, name, type, status }) => ({
        id,
        key,
        name,
        type,
        status,
        pages: sizes.get(id) ?? null,
      })),
      found: found.length,
      notAsked,
    };
  };
}

class StillReading extends Error {
  constructor() {
    super('The list of the site’s spaces is long and still being read. Search again in a moment.');
  }
}

/** @throws StillReading */
async function within<T>(ms: number, reading: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = sleep(ms, undefined, { signal: ended.signal }).then(
    () => Promise.reject(new StillReading()),
    // The reading was quicker, and is the answer.
    () => reading,
  );
  try {
    return await Promise.race([reading, late]);
  } finally {
    ended.abort();
  }
}

/** The key itself first, then keys and names that begin so, then what holds it anywhere. */
function search(spaces: ConfluenceSpace[], named: string): ConfluenceSpace[] {
  const text = named.trim().toLowerCase();
  const rank = ({ key, name }: ConfluenceSpace): number => {
    const [ofKey, ofName] = [key.toLowerCase(), name.toLowerCase()];
    if (ofKey === text) return 0;
    if (ofKey.startsWith(text) || ofName.startsWith(text)) return 1;
    return ofKey.includes(text) || ofName.includes(text) ? 2 : 3;
  };
  return spaces
    .filter((space) => space.status !== 'trashed')
    .map((space) => ({ space, rank: rank(space) }))
    .filter(({ rank: at }) => at < 3)
    .sort(
      (one, other) =>
        one.rank - other.rank ||
        compare(one.space.name, other.space.name) ||
        compare(one.space.key, other.space.key),
    )
    .map(({ space }) => space);
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
const compare = (one: string, other: string): number => collator.compare(one, other);
