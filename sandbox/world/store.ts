import { createIndexes } from './indexes.ts';
import { createListings } from './listings.ts';
import type { CommentQuery, AttachmentQuery, ContentQuery, Sort } from './listings.ts';
import { createMutators } from './mutators.ts';
import type { Mutators } from './mutators.ts';
import type {
  Attachment,
  AuditRecord,
  Behaviour,
  Comment,
  Content,
  Group,
  Person,
  Site,
  Space,
  World,
} from './types.ts';

/**
 * Indexed access over one world, and every way to change it. All lookups take constant time; listings are sorted
 * once and kept until a change touches their kind. What is returned is the live object: read it, never write to it,
 * because only the mutators keep the indexes, the listings and the visibility memo right.
 */
export interface WorldStore extends Mutators {
  readonly site: Site;
  readonly sites: readonly Site[];
  readonly behaviour: Behaviour;
  /** Grows with every change of whatever kind: a key for caches over bodies, titles, labels. */
  readonly revision: number;
  /** Grows with every change that can alter who sees what exists already: a key for caches over visibility. */
  readonly accessRevision: number;
  /** Now, by the sandbox's clock. */
  now(): Date;

  people(): readonly Person[];
  person(accountId: string): Person | undefined;
  personByEmail(email: string): Person | undefined;
  groups(): readonly Group[];
  group(id: string): Group | undefined;
  groupByName(name: string): Group | undefined;
  /** Ids of the groups that hold this account. */
  groupsOf(accountId: string): ReadonlySet<string>;

  spaces(): readonly Space[];
  space(id: string): Space | undefined;
  spaceByKey(key: string): Space | undefined;

  content(id: string): Content | undefined;
  /** Direct children in every status, by position and then by id. */
  children(parentId: string): readonly Content[];
  /** From the top of the tree down to the parent; ancestors that do not exist are left out. */
  ancestors(contentId: string): readonly Content[];
  /** Everything in a space, in every type and status, by id. */
  contentOfSpace(spaceId: string): readonly Content[];

  comment(id: string): Comment | undefined;
  commentsOf(containerId: string): readonly Comment[];
  repliesTo(commentId: string): readonly Comment[];
  attachment(id: string): Attachment | undefined;
  attachmentsOf(containerId: string): readonly Attachment[];
  audit(): readonly AuditRecord[];

  /** Content that meets the query, sorted; the array is shared and cached. */
  listContent(query: ContentQuery, sort: Sort): readonly Content[];
  listComments(query: CommentQuery, sort: Sort): readonly Comment[];
  listAttachments(query: AttachmentQuery, sort: Sort): readonly Attachment[];

  oauthApps(): readonly World['oauthApps'][number][];
  oauthApp(clientId: string): World['oauthApps'][number] | undefined;
  apiToken(token: string): World['apiTokens'][number] | undefined;

  /** Put another world in this one's place. */
  replace(world: World): void;
  /** A deep copy of the world as it is now: plain data, fit for JSON. */
  snapshot(): World;
}

/** Build the indexes over `world`, which from here on belongs to the store. */
export function createWorldStore(world: World, now: () => Date = () => new Date()): WorldStore {
  const indexes = createIndexes(world);
  const listings = createListings(indexes);
  const mutators = createMutators(indexes, listings, now);
  return {
    ...mutators,
    get site() {
      return indexes.world.site;
    },
    get sites() {
      return [indexes.world.site, ...(indexes.world.otherSites ?? [])];
    },
    get behaviour() {
      return indexes.world.behaviour;
    },
    get revision() {
      return indexes.revision;
    },
    get accessRevision() {
      return indexes.accessRevision;
    },
    now,
    people: () => indexes.world.people,
    person: (id) => indexes.people.get(id),
    personByEmail: (email) => {
      const wanted = email.trim().toLowerCase();
      return indexes.world.people.find((person) => person.email.toLowerCase() === wanted);
    },
    groups: () => indexes.world.groups,
    group: (id) => indexes.groups.get(id),
    groupByName: (name) => indexes.world.groups.find((group) => group.name === name),
    groupsOf: (accountId) => indexes.groupsOf.get(accountId) ?? NO_GROUPS,
    spaces: () => indexes.world.spaces,
    space: (id) => indexes.spaces.get(id),
    spaceByKey: (key) => indexes.spacesByKey.get(key),
    content: (id) => indexes.content.get(id),
    children: (parentId) => indexes.children(parentId),
    ancestors: (id) => indexes.ancestors(id),
    contentOfSpace: (spaceId) => listings.content({ spaceId }, 'id'),
    comment: (id) => indexes.comments.get(id),
    commentsOf: (id) => indexes.commentsOf.get(id) ?? [],
    repliesTo: (id) => indexes.repliesTo.get(id) ?? [],
    attachment: (id) => indexes.attachments.get(id),
    attachmentsOf: (id) => indexes.attachmentsOf.get(id) ?? [],
    audit: () => indexes.world.audit,
    listContent: listings.content,
    listComments: listings.comments,
    listAttachments: listings.attachments,
    oauthApps: () => indexes.world.oauthApps,
    oauthApp: (clientId) => indexes.world.oauthApps.find((app) => app.clientId === clientId),
    apiToken: (token) => indexes.apiTokens.get(token),
    replace: (next) => {
      indexes.load(next);
      listings.clear();
    },
    snapshot: () => structuredClone(indexes.world),
  };
}

const NO_GROUPS: ReadonlySet<string> = new Set();
