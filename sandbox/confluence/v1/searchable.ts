import type { CqlItem, CqlType } from '../../cql/item.ts';
import type { Hints } from '../../cql/hints.ts';
import type { WorldStore } from '../../world/store.ts';
import type { Person, Space, Version } from '../../world/types.ts';
import { canView, canViewSpace } from '../../world/visibility.ts';
import { readBody } from '../bodies.ts';
import { statusOfAttachment } from '../v2/serialise.ts';
import type { Thing } from './content.ts';
import { homeOf, titleOf, typeOf } from './content.ts';

/** A thing with what the search index holds of it. */
export type Searchable = CqlItem & {
  source: Thing | { kind: 'space'; item: Space } | { kind: 'user'; item: Person };
};

export interface Scope {
  accountId: string | null;
  /** Content in these statuses is in the index. */
  statuses: ReadonlySet<string>;
  archivedSpaces: boolean;
  currentSpaces: boolean;
  /** The index has not yet seen what is newer than this, in epoch milliseconds. */
  indexedUntil: number;
}

/** Everything in the index that the caller may see and that the hints let through. */
export function* searchables(store: WorldStore, scope: Scope, hints: Hints): Generator<Searchable> {
  const spaceStatus = new Map(store.spaces().map(({ id, status }) => [id, status]));
  const { modifiedFrom = '' } = hints;
  for (const thing of thingsIn(store, hints)) {
    if (thing.item.version.createdAt < modifiedFrom) continue;
    const home = homeOf(store, thing);
    if (home === undefined || !isIndexed(store, thing, scope)) continue;
    if (!(spaceStatus.get(home.spaceId) === 'archived' ? scope.archivedSpaces : scope.currentSpaces))
      continue;
    const lastModified = indexedTime(thing, scope.indexedUntil);
    if (lastModified === undefined || !canView(store, scope.accountId, home.id)) continue;
    yield searchableThing(store, thing, lastModified);
  }
}

/** Spaces as results of the general search. */
export function searchableSpaces(store: WorldStore, { accountId, archivedSpaces }: Scope): Searchable[] {
  return store
    .spaces()
    .filter(
      ({ id, status }) => (status === 'current' || archivedSpaces) && canViewSpace(store, accountId, id),
    )
    .map((item) => ({
      ...blank(item.id, 'space', item.name, item.createdAt),
      creator: item.authorId,
      spaceKey: item.key,
      spaceTitle: item.name,
      spaceType: item.type,
      source: { kind: 'space', item },
    }));
}

/** Active people; guests where the caller asks for them. */
export function searchableUsers(
  store: WorldStore,
  filter: 'all' | 'externalCollaborator' | 'none',
): Searchable[] {
  return store
    .people()
    .filter(
      ({ status, guest }) =>
        status === 'active' && (filter === 'all' || guest === (filter === 'externalCollaborator')),
    )
    .map((item) => ({
      ...blank(item.accountId, 'user', item.name, '1970-01-01T00:00:00.000Z'),
      source: { kind: 'user', item },
    }));
}

function blank(id: string, type: CqlType, title: string, createdAt: string): CqlItem {
  const none = (): readonly string[] => [];
  return {
    id,
    type,
    title,
    spaceKey: '',
    spaceTitle: '',
    spaceType: '',
    labels: [],
    creator: '',
    container: null,
    parent: null,
    created: Date.parse(createdAt),
    lastModified: Date.parse(createdAt),
    text: () => title,
    contributors: none,
    mentions: none,
    ancestors: none,
    macros: none,
  };
}

function* thingsIn(store: WorldStore, { ids, types, spaces }: Hints): Generator<Thing> {
  if (ids !== undefined) {
    for (const id of ids) {
      const [content, comment, attachment] = [store.content(id), store.comment(id), store.attachment(id)];
      if (content) yield { kind: 'content', item: content };
      else if (comment) yield { kind: 'comment', item: comment };
      else if (attachment) yield { kind: 'attachment', item: attachment };
    }
    return;
  }
  const wants = (type: string): boolean => types === undefined || types.has(type);
  const only =
    spaces?.size === 1 ? store.spaces().find(({ key }) => spaces.has(key.toLowerCase())) : undefined;
  const narrow = only === undefined ? {} : { spaceId: only.id };
  const contentTypes = (['page', 'blogpost', 'folder', 'whiteboard', 'database', 'embed'] as const).filter(
    wants,
  );
  if (contentTypes.length > 0)
    for (const item of store.listContent({ types: contentTypes, ...narrow }, 'id'))
      yield { kind: 'content', item };
  if (wants('comment')) for (const item of store.listComments({}, 'id')) yield { kind: 'comment', item };
  if (wants('attachment'))
    for (const item of store.listAttachments({}, 'id')) yield { kind: 'attachment', item };
}

/** Comments and attachments are found with their page only. */
function isIndexed(store: WorldStore, thing: Thing, { statuses }: Scope): boolean {
  if (thing.kind === 'content') return statuses.has(thing.item.status);
  if (!statuses.has(homeOf(store, thing)!.status)) return false;
  return thing.kind === 'comment'
    ? thing.item.status === 'current'
    : statuses.has(statusOfAttachment(store, thing.item));
}

/** When the newest version that the index knows was made; undefined: it knows none. */
function indexedTime({ kind, item }: Thing, until: number): number | undefined {
  const last = Date.parse(item.version.createdAt);
  if (last <= until) return last;
  const earlier = (kind === 'content' ? (item.history ?? []) : []).map((version) =>
    Date.parse(version.createdAt),
  );
  return earlier.findLast((time) => time <= until);
}

function searchableThing(store: WorldStore, thing: Thing, lastModified: number): Searchable {
  const { item } = thing;
  const home = homeOf(store, thing)!;
  const space = store.space(home.spaceId);
  const inner = thing.kind === 'content' ? undefined : thing.item;
  const body = (): { body: string } => (thing.kind === 'attachment' ? { body: '' } : thing.item);
  return {
    source: thing,
    id: item.id,
    type: typeOf(thing) as CqlType,
    title: titleOf(store, thing),
    spaceKey: space?.key ?? '',
    spaceTitle: space?.name ?? '',
    spaceType: space?.type ?? '',
    labels: thing.kind === 'comment' ? [] : thing.item.labels,
    creator: item.authorId,
    container: inner?.containerId ?? null,
    parent: thing.kind === 'content' ? thing.item.parentId : null,
    created: Date.parse(item.createdAt),
    lastModified,
    text: () =>
      [
        titleOf(store, thing),
        readBody(body()).text(),
        ...(thing.kind === 'comment' ? [] : thing.item.labels),
      ].join('\n'),
    contributors: () =>
      contributorsOf(item.authorId, item.version, thing.kind === 'content' ? thing.item.history : []),
    mentions: () => readBody(body()).mentions(),
    ancestors: () => (thing.kind === 'content' ? store.ancestors(item.id).map(({ id }) => id) : []),
    macros: () => readBody(body()).macros(),
  };
}

function contributorsOf(author: string, version: Version, history: readonly Version[] = []): string[] {
  return [author, version.authorId, ...history.map(({ authorId }) => authorId)];
}
