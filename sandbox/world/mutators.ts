import { createAuditTrail } from './audit-trail.ts';
import { existing } from './indexes.ts';
import type { Indexes } from './indexes.ts';
import type { Listings } from './listings.ts';
import { createCredentialMutators } from './mutators-credentials.ts';
import type { CredentialMutators } from './mutators-credentials.ts';
import { createDiscussionMutators } from './mutators-discussion.ts';
import type { DiscussionMutators } from './mutators-discussion.ts';
import { createPeopleMutators } from './mutators-people.ts';
import type { PeopleMutators } from './mutators-people.ts';
import type { Content, ContentType, Restriction } from './types.ts';
import { firstVersion, nextVersion } from './versions.ts';

/** What a new piece of content needs; the rest is filled in. */
export interface NewContent {
  id?: string;
  type?: ContentType;
  status?: Content['status'];
  spaceId: string;
  parentId?: string | null;
  title: string;
  authorId?: string;
  body?: string;
  labels?: string[];
  restrictions?: { read?: Partial<Restriction>; update?: Partial<Restriction> };
  createdAt?: string;
}

export interface ContentMutators {
  addContent(input: NewContent): Content;
  /** A new version, with the modified time of the clock. */
  updateContent(
    id: string,
    change: { title?: string; body?: string; authorId?: string; message?: string; minorEdit?: boolean },
  ): Content;
  /** Another parent, or none, in another space if one is given; the whole subtree comes along. Not a version. */
  moveContent(id: string, to: { parentId: string | null; spaceId?: string; position?: number }): Content;
  trash(id: string): Content;
  /** Back from the trash or the archive. */
  restore(id: string): Content;
  archive(id: string): Content;
  /** Gone without a trace, with its comments and attachments; its children move up to its parent. */
  purge(id: string): void;
  /** Not a version: the modified time stays. */
  setRestriction(id: string, operation: 'read' | 'update', to: Partial<Restriction>): Content;
  /** Not a version: the modified time stays. */
  setLabels(id: string, labels: string[]): Content;
}

export type Mutators = ContentMutators & DiscussionMutators & PeopleMutators & CredentialMutators;

/** Every way to change a world. An unknown id throws, so that a mistyped change is not taken for one made. */
export function createMutators(indexes: Indexes, listings: Listings, now: () => Date): Mutators {
  const touch = (access: boolean): void => {
    indexes.revision += 1;
    if (access) indexes.accessRevision += 1;
    listings.clear('content');
  };
  const attach = (item: Content): void => {
    if (item.parentId === null) return;
    // A new array: the old one may be in someone's hands, and is known as sorted.
    indexes.childrenOf.set(item.parentId, [...(indexes.childrenOf.get(item.parentId) ?? []), item]);
  };
  const detach = (item: Content): void => {
    if (item.parentId === null) return;
    const left = (indexes.childrenOf.get(item.parentId) ?? []).filter(({ id }) => id !== item.id);
    indexes.childrenOf.set(item.parentId, left);
  };
  const setStatus = (id: string, status: Content['status']): Content => {
    const item = existing(indexes.content, id, 'content');
    item.status = status;
    if (indexes.world.behaviour.trashingMovesDate === true) {
      item.history = [...(item.history ?? []), item.version];
      item.version = nextVersion(item.version, now());
    }
    touch(true);
    return item;
  };
  const discussion = createDiscussionMutators(indexes, listings, now);
  const trail = createAuditTrail(indexes, now);
  return {
    ...discussion,
    ...createPeopleMutators(indexes, listings, now, trail),
    ...createCredentialMutators(indexes),
    addContent(input) {
      existing(indexes.spaces, input.spaceId, 'space');
      if (input.parentId != null) existing(indexes.content, input.parentId, 'content');
      const createdAt = input.createdAt ?? now().toISOString();
      const authorId = input.authorId ?? indexes.world.people[0]?.accountId ?? '';
      const item: Content = {
        id: input.id ?? indexes.nextId(),
        type: input.type ?? 'page',
        status: input.status ?? 'current',
        spaceId: input.spaceId,
        parentId: input.parentId ?? null,
        title: input.title,
        authorId,
        createdAt,
        version: firstVersion(createdAt, authorId),
        labels: input.labels ?? [],
        body: input.body ?? '',
        restrictions: { read: filled(input.restrictions?.read), update: filled(input.restrictions?.update) },
        position: indexes.content.size,
      };
      if (indexes.content.has(item.id)) throw new Error(`Content ${item.id} exists already.`);
      indexes.world.content.push(item);
      indexes.content.set(item.id, item);
      attach(item);
      // A newcomer alters who sees what only for those who were waiting for it as their parent.
      touch(indexes.childrenOf.has(item.id));
      for (const operation of ['read', 'update'] as const)
        trail.restricted(item, operation, filled(undefined), item.restrictions[operation]);
      return item;
    },
    updateContent(id, change) {
      const item = existing(indexes.content, id, 'content');
      item.history = [...(item.history ?? []), item.version];
      item.version = nextVersion(item.version, now(), change);
      const { title } = item;
      if (change.title !== undefined) item.title = change.title;
      if (item.title !== title) trail.retitled(item, title);
      if (change.body !== undefined) item.body = change.body;
      touch(false);
      return item;
    },
    moveContent(id, to) {
      const item = existing(indexes.content, id, 'content');
      const parent = to.parentId === null ? null : existing(indexes.content, to.parentId, 'content');
      for (
        let at = parent;
        at !== null;
        at = at.parentId ? (indexes.content.get(at.parentId) ?? null) : null
      ) {
        if (at.id === id) throw new Error(`Content ${id} cannot move below itself.`);
      }
      const from = existing(indexes.spaces, item.spaceId, 'space');
      detach(item);
      item.parentId = to.parentId;
      item.position = to.position ?? indexes.children(to.parentId ?? '').length;
      attach(item);
      const spaceId = to.spaceId ?? parent?.spaceId ?? item.spaceId;
      existing(indexes.spaces, spaceId, 'space');
      const subtree = [item];
      for (const member of subtree) {
        member.spaceId = spaceId;
        for (const child of indexes.children(member.id)) subtree.push(child);
      }
      touch(true);
      trail.moved(item, from);
      return item;
    },
    trash: (id) => setStatus(id, 'trashed'),
    restore: (id) => setStatus(id, 'current'),
    archive: (id) => setStatus(id, 'archived'),
    purge(id) {
      const item = existing(indexes.content, id, 'content');
      detach(item);
      for (const child of indexes.children(id)) {
        child.parentId = item.parentId;
        attach(child);
      }
      indexes.childrenOf.delete(id);
      indexes.content.delete(id);
      indexes.world.content.splice(indexes.world.content.indexOf(item), 1);
      discussion.purgeDiscussionOf(id);
      touch(true);
    },
    setRestriction(id, operation, to) {
      const item = existing(indexes.content, id, 'content');
      const before = item.restrictions[operation];
      item.restrictions = { ...item.restrictions, [operation]: filled(to) };
      touch(true);
      trail.restricted(item, operation, before, item.restrictions[operation]);
      return item;
    },
    setLabels(id, labels) {
      const item = existing(indexes.content, id, 'content');
      item.labels = [...labels];
      touch(false);
      return item;
    },
  };
}

function filled(restriction: Partial<Restriction> | undefined): Restriction {
  return { users: [...(restriction?.users ?? [])], groups: [...(restriction?.groups ?? [])] };
}
