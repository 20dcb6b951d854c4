import type { Kysely } from 'kysely';
import { cqlIn, cqlString } from '../../atlassian/confluence/cql.ts';
import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import { AtlassianError } from '../../atlassian/errors.ts';
import type { ListKind } from '../../scope/pasted-list.ts';
import {
  findKeysInAnyCase,
  findKnownAccounts,
  findStoredKinds,
  findStoredLabels,
} from '../../store/filter-values.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { whyUnread, type ReadSite } from './site-reader.ts';

/** A value of a filter that the crawling account cannot find on the site. */
export interface UnknownValue {
  field: ListKind;
  value: string;
  why: string;
}

export interface LookupView {
  unknown: UnknownValue[];
  /** What could not be looked up, and why: nothing is said of these values. */
  unchecked: { field: ListKind; why: string }[];
}

export type Lists = Partial<Record<ListKind, readonly string[]>>;

/** Ids and keys travel in a URL; a personal key has up to 60 characters. */
const idsAtOnce = 200;
const keysAtOnce = 40;
const accountsAtOnce = 250;
const typesAtOnce = 100;
/** Folders that are asked for one by one, where the search does not find them. */
const mostFolders = 20;
const mostLabels = 50;
const atOnce = 4;
const patienceMs = 20_000;

/**
 * Looks values of filters up on a connection's site, in batches: keys of spaces, ids of pages and of what else stands in
 * their tree, ids of blog posts, labels, accounts. What is stored here is not asked for again where that is proof enough.
 */
export function createSiteLookup(deps: {
  db: Kysely<Database>;
  readSite: ReadSite;
}): (connection: Connection, lists: Lists) => Promise<LookupView> {
  const { db, readSite } = deps;

  return async (connection, lists) => {
    const asked = (Object.keys(finders) as ListKind[]).filter((field) => (lists[field]?.length ?? 0) > 0);
    const found = await Promise.all(
      asked.map(async (field): Promise<LookupView> => {
        const values = [...new Set(lists[field])];
        try {
          const unknown = await readSite(
            connection,
            (reader) => finders[field]({ db, reader, connection }, values),
            { withinMs: patienceMs },
          );
          return { unknown: unknown.map(([value, why]) => ({ field, value, why })), unchecked: [] };
        } catch (error) {
          const why = error instanceof TooMany ? error.message : whyUnread(error);
          if (why === null) throw error;
          return { unknown: [], unchecked: [{ field, why }] };
        }
      }),
    );
    return {
      unknown: found.flatMap(({ unknown }) => unknown),
      unchecked: found.flatMap(({ unchecked }) => unchecked),
    };
  };
}

interface Scene {
  db: Kysely<Database>;
  reader: ConfluenceReader;
  connection: Connection;
}
type Unknown = [value: string, why: string][];
type Finder = (scene: Scene, values: string[]) => Promise<Unknown>;

class TooMany extends Error {}

const notSeen = (what: string, { account_name: account }: Connection): string =>
  `Confluence shows no such ${what} to ${account ?? 'the account that reads'}: it is not there, or that account may not see it.`;

const finders: Record<ListKind, Finder> = {
  spaceKeys: async ({ db, reader, connection }, keys) => {
    const status = new Map<string, string>();
    for (const part of parts(keys, keysAtOnce)) {
      const { items } = await reader.listSpaces({ keys: part, cursor: null });
      for (const space of items) status.set(space.key, space.status);
    }
    const missing = keys.filter((key) => !status.has(key));
    const meant = missing.length === 0 ? new Map() : await findKeysInAnyCase(db, connection.id, missing);
    for (const key of status.keys()) meant.set(key.toLowerCase(), key);
    return [
      ...keys.filter((key) => status.get(key) === 'trashed').map((key) => [key, inTrash] as [string, string]),
      ...missing.map((key): [string, string] => {
        const other = meant.get(key.toLowerCase());
        return [
          key,
          other === undefined
            ? notSeen('space', connection)
            : `Capital letters count: the site has a space ${other}.`,
        ];
      }),
    ];
  },

  pageIds: async (scene, ids) => {
    const listed = await listedByStatus(ids, (part) =>
      scene.reader.listPages({
        ids: part,
        status: ['current', 'archived', 'trashed', 'deleted'],
        body: false,
        cursor: null,
      }),
    );
    const missing = ids.filter((id) => !listed.has(id));
    return [...thrownAway(listed), ...(await otherContent(scene, missing))];
  },

  blogpostIds: async (scene, ids) => {
    const listed = await listedByStatus(ids, (part) =>
      scene.reader.listBlogposts({
        ids: part,
        status: ['current', 'trashed', 'deleted'],
        body: false,
        cursor: null,
      }),
    );
    const missing = ids.filter((id) => !listed.has(id));
    const types = await typesOf(scene.reader, missing);
    return [
      ...thrownAway(listed),
      ...missing
        .filter((id) => types.get(id) !== 'blogpost')
        .map((id): [string, string] => {
          const type = types.get(id) ?? null;
          return [
            id,
            type === null ? notSeen('blog post', scene.connection) : `This is ${named(type)}, no blog post.`,
          ];
        }),
    ];
  },

  labels: async ({ db, reader, connection }, labels) => {
    const stored = await findStoredLabels(db, connection.id, labels);
    const asked = labels.filter((label) => !stored.has(label));
    if (asked.length > mostLabels) {
      throw new TooMany(
        `${asked.length.toLocaleString('en')} labels are too many to look up; ${mostLabels} are looked up at a time.`,
      );
    }
    const unknown: Unknown = [];
    for (const part of parts(asked, atOnce)) {
      const counts = await Promise.all(part.map((label) => reader.count(`label = ${cqlString(label)}`)));
      for (const [index, label] of part.entries()) {
        if (counts[index] === 0)
          unknown.push([label, 'Nothing that the account may see carries this label so far.']);
      }
    }
    return unknown;
  },

  authors: async ({ db, reader, connection }, ids) => {
    const known = new Set(
      (await findKnownAccounts(db, connection.id, { ids })).map(({ accountId }) => accountId),
    );
    const asked = ids.filter((id) => !known.has(id));
    for (const part of parts(asked, accountsAtOnce)) {
      for (const account of await reader.readAccounts(part)) known.add(account.accountId);
    }
    return asked
      .filter((id) => !known.has(id))
      .map((id) => [id, 'Confluence knows no account with this id.']);
  },
};

const inTrash = 'It is in the trash of Confluence.';

async function listedByStatus(
  ids: string[],
  list: (part: string[]) => Promise<{ items: { id: string; status: string }[] }>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const part of parts(ids, idsAtOnce)) {
    for (const { id, status } of (await list(part)).items) found.set(id, status);
  }
  return found;
}

function thrownAway(listed: Map<string, string>): Unknown {
  const words: Record<string, string> = { trashed: inTrash, deleted: 'It was deleted in Confluence.' };
  return [...listed].flatMap(([id, status]) =>
    words[status] === undefined ? [] : [[id, words[status]] as [string, string]],
  );
}

/** What no listing of pages has: folders and the like are good, too; anything else is told for what it is. */
async function otherContent(scene: Scene, ids: string[]): Promise<Unknown> {
  if (ids.length === 0) return [];
  const { db, reader, connection } = scene;
  const stored = await findStoredKinds(db, connection.id, ids);
  const asked = ids.filter((id) => !isPlace(stored.get(id) ?? null));
  const types = await typesOf(reader, asked);
  const unknown: Unknown = [];
  let folders = 0;
  for (const id of asked) {
    const type = types.get(id) ?? null;
    if (isPlace(type)) continue;
    if (type !== null) unknown.push([id, `This is ${named(type)}, no page.`]);
    else if (folders >= mostFolders || !(await isFolder(reader, id)))
      unknown.push([id, notSeen('page or folder', connection)]);
    if (type === null) folders += 1;
  }
  return unknown;
}

const isPlace = (type: string | null): boolean =>
  type !== null && ['page', 'folder', 'whiteboard', 'database', 'embed'].includes(type);

/** Whether the search finds folders is not told anywhere: what it does not find may be one. */
async function isFolder(reader: ConfluenceReader, id: string): Promise<boolean> {
  try {
    await reader.readContainer('folder', id);
    return true;
  } catch (error) {
    const refused = ['not_found', 'forbidden', 'bad_request', 'scope_mismatch'];
    if (error instanceof AtlassianError && refused.includes(error.code)) return false;
    throw error;
  }
}

/** By the search, which every credential may use: `page`, `blogpost`, `comment`, …; what it does not find is absent. */
async function typesOf(reader: ConfluenceReader, ids: string[]): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  for (const part of parts(ids, typesAtOnce)) {
    let cursor: string | null = null;
    do {
      const batch: Awaited<ReturnType<typeof reader.searchAccess>> = await reader.searchAccess({
        cql: cqlIn('id', part),
        cursor,
      });
      for (const { id, kind } of batch.items) types.set(id, kind);
      cursor = batch.next;
    } while (cursor !== null);
  }
  return types;
}

function named(type: string): string {
  const names: Record<string, string> = {
    page: 'a page',
    blogpost: 'a blog post',
    attachment: 'an attachment',
    comment: 'a comment',
  };
  return names[type] ?? `a ${type}`;
}

function parts<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, (at + 1) * size),
  );
}
