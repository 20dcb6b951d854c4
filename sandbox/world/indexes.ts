import type { ApiToken, Attachment, Comment, Content, Group, Person, Space, World } from './types.ts';

/** The maps that make lookups constant in time. Mutators write to them; nothing else does. */
export interface Indexes {
  world: World;
  revision: number;
  accessRevision: number;
  people: Map<string, Person>;
  groups: Map<string, Group>;
  groupsOf: Map<string, Set<string>>;
  spaces: Map<string, Space>;
  spacesByKey: Map<string, Space>;
  content: Map<string, Content>;
  childrenOf: Map<string, Content[]>;
  comments: Map<string, Comment>;
  commentsOf: Map<string, Comment[]>;
  repliesTo: Map<string, Comment[]>;
  attachments: Map<string, Attachment>;
  attachmentsOf: Map<string, Attachment[]>;
  apiTokens: Map<string, ApiToken>;
  children(parentId: string): readonly Content[];
  ancestors(contentId: string): Content[];
  load(world: World): void;
  /** The next free number for ids of content, comments, attachments and spaces. */
  nextId(): string;
}

export function createIndexes(world: World): Indexes {
  let highest = 0;
  const sortedChildren = new WeakSet<Content[]>();
  const indexes: Indexes = {
    world,
    revision: 0,
    accessRevision: 0,
    people: new Map(),
    groups: new Map(),
    groupsOf: new Map(),
    spaces: new Map(),
    spacesByKey: new Map(),
    content: new Map(),
    childrenOf: new Map(),
    comments: new Map(),
    commentsOf: new Map(),
    repliesTo: new Map(),
    attachments: new Map(),
    attachmentsOf: new Map(),
    apiTokens: new Map(),
    children(parentId) {
      const list = indexes.childrenOf.get(parentId);
      if (list === undefined) return [];
      if (!sortedChildren.has(list)) {
        list.sort((a, b) => a.position - b.position || Number(a.id) - Number(b.id));
        sortedChildren.add(list);
      }
      return list;
    },
    ancestors(contentId) {
      const path: Content[] = [];
      const seen = new Set([contentId]);
      let parentId = indexes.content.get(contentId)?.parentId ?? null;
      while (parentId !== null && !seen.has(parentId)) {
        seen.add(parentId);
        const parent = indexes.content.get(parentId);
        if (parent === undefined) break;
        path.push(parent);
        parentId = parent.parentId;
      }
      return path.toReversed();
    },
    nextId: () => String((highest += 1)),
    load(next) {
      indexes.world = next;
      indexes.revision += 1;
      indexes.accessRevision += 1;
      indexes.people = keyed(next.people, (person) => person.accountId);
      indexes.groups = keyed(next.groups, (group) => group.id);
      indexes.groupsOf = new Map();
      for (const group of next.groups) {
        for (const member of group.members) {
          const held = indexes.groupsOf.get(member);
          if (held) held.add(group.id);
          else indexes.groupsOf.set(member, new Set([group.id]));
        }
      }
      indexes.spaces = keyed(next.spaces, (space) => space.id);
      indexes.spacesByKey = keyed(next.spaces, (space) => space.key);
      indexes.content = keyed(next.content, (item) => item.id);
      indexes.childrenOf = grouped(next.content, (item) => item.parentId);
      indexes.comments = keyed(next.comments, (comment) => comment.id);
      indexes.commentsOf = grouped(next.comments, (comment) => comment.containerId);
      indexes.repliesTo = grouped(next.comments, (comment) => comment.parentId);
      indexes.attachments = keyed(next.attachments, (attachment) => attachment.id);
      indexes.attachmentsOf = grouped(next.attachments, (attachment) => attachment.containerId);
      indexes.apiTokens = keyed(next.apiTokens, (token) => token.token);
      highest = 1000;
      for (const list of [next.content, next.comments, next.attachments, next.spaces]) {
        for (const { id } of list) highest = Math.max(highest, Number(id.replace(/^att/, '')) || 0);
      }
    },
  };
  indexes.load(world);
  return indexes;
}

function keyed<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) map.set(key(item), item);
  return map;
}

function grouped<T>(items: readonly T[], key: (item: T) => string | null): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const owner = key(item);
    if (owner === null) continue;
    const list = map.get(owner);
    if (list) list.push(item);
    else map.set(owner, [item]);
  }
  return map;
}

/** The entry, or an error that names what is missing. */
export function existing<T>(map: ReadonlyMap<string, T>, id: string, kind: string): T {
  const found = map.get(id);
  if (found === undefined)
    throw new Error(`There is no ${kind} with id ${JSON.stringify(id)} in this world.`);
  return found;
}
