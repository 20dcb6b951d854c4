import { cqlIn } from '../../../atlassian/confluence/cql.ts';
import { listAllSpaces } from '../../../atlassian/confluence/all-spaces.ts';
import type { ConfluenceReader } from '../../../atlassian/confluence/types.ts';
import { inScopeSpace } from '../../../scope/decide.ts';
import { holdersOf, listedKinds, type ListedKind } from '../../../scope/kinds.ts';
import type { Wanted } from '../../../scope/wanted.ts';
import type { TakenIn } from './cost.ts';

/** What is stored, as far as it tells what is new. */
export interface StoredScope {
  /** By external id. */
  spaces: ReadonlyMap<string, { key: string; type: string; status: string }>;
  /** Records by kind, shown or not. */
  kinds: ReadonlyMap<string, number>;
}

export interface FoundNew {
  taken: Pick<TakenIn, 'ofNewSpaces' | 'ofNewKinds'>;
  spaces: { key: string; name: string }[];
}

/** Characters of space keys in one query, which travels in a URL. */
const keysPerQuery = 3_000;

const nothing = { pages: 0, blogposts: 0, comments: 0, attachments: 0 };
const names = {
  page: 'pages',
  blogpost: 'blogposts',
  comment: 'comments',
  attachment: 'attachments',
} as const;

/** Kinds that are read then and are not read now, or of kinds of content more: comments of posts beside those of pages. */
function newKinds(before: Wanted, after: Wanted): ListedKind[] {
  const of = (wanted: Wanted, kind: ListedKind): readonly string[] =>
    kind === 'comment' || kind === 'attachment'
      ? holdersOf(wanted, kind)
      : listedKinds(wanted).filter((one) => one === kind);
  return listedKinds(after).filter((kind) => of(after, kind).some((one) => !of(before, kind).includes(one)));
}

/** Whether the site must be asked at all: spaces may come that are not stored, or kinds that were off. */
export function mayBringNew(before: Wanted, after: Wanted, stored: StoredScope): boolean {
  const rules = ({ spaceKeys, archivedSpaces, personalSpaces }: Wanted) =>
    JSON.stringify([
      spaceKeys === null ? null : [spaceKeys.in, [...spaceKeys.values].sort()],
      archivedSpaces,
      personalSpaces,
    ]);
  if (newKinds(before, after).length > 0) return true;
  if (stored.spaces.size > 0 && rules(before) === rules(after)) return false;
  const { spaceKeys } = after;
  if (spaceKeys?.in !== true) return true;
  const keys = new Set([...stored.spaces.values()].map(({ key }) => key));
  return [...spaceKeys.values].some((key) => !keys.has(key));
}

/** Asks the site for its spaces, and counts what would come of it: a few requests for each few hundred new spaces. */
export async function findNew(
  reader: ConfluenceReader,
  before: Wanted,
  after: Wanted,
  stored: StoredScope,
): Promise<FoundNew> {
  const all = await listAllSpaces(reader);
  const fresh = all.filter((space) => inScopeSpace(after, space) && !stored.spaces.has(space.id));
  const known = [...stored.spaces.values()].filter((space) => inScopeSpace(after, space));
  const ofNewSpaces = { ...nothing, spaces: fresh.length };
  for (const kind of listedKinds(after)) {
    ofNewSpaces[names[kind]] = await countIn(reader, kind, keysOf(fresh));
  }
  const ofNewKinds = { ...nothing };
  for (const kind of newKinds(before, after)) {
    const there = await countIn(reader, kind, keysOf(known));
    ofNewKinds[names[kind]] = Math.max(0, there - (stored.kinds.get(kind) ?? 0));
  }
  return { taken: { ofNewSpaces, ofNewKinds }, spaces: fresh.map(({ key, name }) => ({ key, name })) };
}

const keysOf = (spaces: readonly { key: string }[]) => spaces.map(({ key }) => key);

async function countIn(reader: ConfluenceReader, kind: ListedKind, keys: readonly string[]): Promise<number> {
  let sum = 0;
  for (const part of cut(keys)) sum += await reader.count(`${cqlIn('space', part)} and type = ${kind}`);
  return sum;
}

function cut(keys: readonly string[]): string[][] {
  const parts: string[][] = [];
  let length = 0;
  for (const key of keys) {
    length += key.length + 3;
    const last = parts.at(-1);
    if (last !== undefined && length <= keysPerQuery) last.push(key);
    else {
      parts.push([key]);
      length = key.length + 3;
    }
  }
  return parts;
}
