/**
 * Confluence Cloud as the rest of Sluice sees it: parsed, camelCase, batch by batch.
 * Wire schemas (zod) live beside each reader; nothing outside atlassian/ sees Atlassian's JSON.
 */

import type {
  AttachmentListing,
  CommentListing,
  CommentSearch,
  PageListing,
  ReplyListing,
  SpaceListing,
} from './listings.ts';

/** One answer of a paged listing. `next` is an opaque cursor, null after the last batch; never a URL. */
export interface Batch<T> {
  items: T[];
  next: string | null;
  /** The source's clock (the `Date` header) when it answered. */
  serverTime: Date;
}

export type ContainerKind = 'folder' | 'whiteboard' | 'database' | 'embed';
export type PlaceKind = 'page' | ContainerKind;

export interface ConfluenceSpace {
  id: string;
  key: string;
  name: string;
  /** `global`, `collaboration`, `knowledge_base`, `personal`; a type unknown to us is kept as it is. */
  type: string;
  status: string;
  homepageId: string | null;
  /** Path below the site's `/wiki`, e.g. `/spaces/ENG`. */
  webPath: string;
}

/** A page or a blog post. */
export interface ConfluencePage {
  id: string;
  kind: 'page' | 'blogpost';
  status: string;
  title: string;
  spaceId: string;
  parentId: string | null;
  parentKind: PlaceKind | null;
  authorId: string | null;
  createdAt: Date;
  version: { number: number; createdAt: Date; authorId: string | null };
  /** Storage format; null when the listing was asked without bodies. */
  body: string | null;
  webPath: string;
}

export interface ConfluenceComment {
  id: string;
  placement: 'footer' | 'inline';
  status: string;
  title: string;
  /** The page or blog post; null where the listing tells only of the parent comment. */
  containerId: string | null;
  parentCommentId: string | null;
  authorId: string | null;
  /** Comments carry no creation time of their own in v2 listings: version 1's time, or the version's. */
  createdAt: Date;
  version: { number: number; createdAt: Date; authorId: string | null };
  body: string;
  /** Inline only: `open`, `resolved`, …, and the text that it is attached to. */
  resolution: string | null;
  selection: string | null;
  webPath: string;
}

export interface ConfluenceAttachment {
  id: string;
  status: string;
  title: string;
  containerId: string | null;
  mediaType: string;
  fileSize: number;
  createdAt: Date;
  version: { number: number; createdAt: Date; authorId: string | null };
  labels: string[];
  webPath: string;
  downloadPath: string;
}

/**
 * What `content/search` tells of a piece of content and the v2 listings do not: its own view restriction and labels.
 * `restriction.complete` is false when a list came back as long as its page: read the rest with `readRestriction`.
 */
export interface ContentAccess {
  id: string;
  kind: string;
  title: string;
  spaceKey: string | null;
  labels: string[];
  /** False when there are more labels than were listed; absent: all are. */
  labelsComplete?: boolean;
  restriction: ViewRestriction;
}

/** The labels of a piece of content, as a search tells them. */
export interface ContentLabels {
  id: string;
  kind: string;
  labels: string[];
}

/** One version of a page or blog post. */
export interface ContentVersion {
  number: number;
  createdAt: Date;
  authorId: string | null;
  message: string;
  minor: boolean;
}

/** Empty lists mean: no restriction of its own. `unidentified` counts listed principals without an id: never dropped. */
export interface ViewRestriction {
  users: string[];
  groups: string[];
  unidentified: number;
  complete: boolean;
}

export interface ConfluenceContainer {
  id: string;
  kind: ContainerKind;
  status: string;
  title: string;
  spaceId: string | null;
  parentId: string | null;
  parentKind: PlaceKind | null;
  authorId: string | null;
  createdAt: Date | null;
  version: number;
  webPath: string;
}

export interface SpacePermission {
  principal: { type: string; id: string };
  operation: string;
  target: string;
}

export interface RoleAssignment {
  principal: { type: string; id: string };
  roleId: string;
}

export interface SpaceRole {
  id: string;
  name: string;
  /** Space permissions such as `read/space`. */
  permissions: string[];
}

export interface ConfluenceGroup {
  id: string;
  name: string;
}

export interface ConfluenceAccount {
  accountId: string;
  displayName: string;
  /** null: hidden by the person's profile settings (Atlassian answers an empty string). */
  email: string | null;
  accountType: string;
  accountStatus: string;
  /** External collaborator. */
  guest: boolean;
}

export interface AuditedObject {
  name: string;
  /** `Page`, `Space`, `Group`, `User` and others; Atlassian gives no list of them. */
  objectType: string;
}

/** One record of Confluence's audit log. It has no id, and names what it is about. */
export interface ConfluenceAuditRecord {
  at: Date;
  author: { accountId: string | null; name: string };
  remoteAddress: string;
  category: string;
  summary: string;
  description: string;
  object: AuditedObject;
  associated: AuditedObject[];
  changed: { name: string; oldValue: string; newValue: string }[];
}

/** A window of the audit log, by the source's clock, both ends included. */
export interface AuditListing {
  from: Date;
  /** null: up to now. */
  to: Date | null;
  cursor: string | null;
  /** At most 1,000, the default. */
  limit?: number;
}

/** Which version of which attachment's file is wanted, and where it goes. */
export interface FileRequest {
  /** The page or blog post that it is attached to. */
  containerId: string;
  attachmentId: string;
  version: number;
  /** Path of a file on disk, which is written. */
  to: string;
  /** TooLarge above it. */
  maxBytes: number;
}

/** `complete` is false where the site has more people than it lists. */
export interface PeopleListing {
  accountIds: string[];
  complete: boolean;
}

/** Batch readers of one site with one credential. Every call charges the budget and honours its limits. */
export interface ConfluenceReader {
  listSpaces(options: SpaceListing): Promise<Batch<ConfluenceSpace>>;
  listPages(options: PageListing): Promise<Batch<ConfluencePage>>;
  listBlogposts(options: PageListing): Promise<Batch<ConfluencePage>>;
  listComments(options: CommentListing): Promise<Batch<ConfluenceComment>>;
  /** Comments with their replies by CQL, for sites whose listings hold roots only. */
  searchComments(options: CommentSearch): Promise<Batch<ConfluenceComment>>;
  /** What replies to one comment, one level of it: a witness beside the search index. Names no page. */
  listReplies(options: ReplyListing): Promise<Batch<ConfluenceComment>>;
  listAttachments(options: AttachmentListing): Promise<Batch<ConfluenceAttachment>>;
  /** Attachments by CQL, of some pages or by id. */
  searchAttachments(options: { cql: string; cursor: string | null }): Promise<Batch<ConfluenceAttachment>>;
  /**
   * The file of an attachment, streamed to disk: one API request and one to where Atlassian keeps files. @returns its
   * bytes' number
   */
  downloadFile(request: FileRequest): Promise<number>;
  /** Restrictions and labels of many pieces of content in one request (`content/search`, never `ancestors.restrictions`). */
  searchAccess(options: { cql: string; cursor: string | null }): Promise<Batch<ContentAccess>>;
  /** Content with its labels alone: a point each, whatever its restrictions. */
  searchLabels(options: { cql: string; cursor: string | null }): Promise<Batch<ContentLabels>>;
  /** How many pieces of content a CQL query finds (one request, one object). */
  count(cql: string): Promise<number>;
  /** All users and groups of one view restriction, however long. */
  readRestriction(contentId: string): Promise<ViewRestriction>;
  /** The newest 250 versions of a page or blog post, newest first; `more`: there are others. One request. */
  listVersions(kind: 'page' | 'blogpost', id: string): Promise<{ items: ContentVersion[]; more: boolean }>;
  readContainer(kind: ContainerKind, id: string): Promise<ConfluenceContainer>;
  /** `ROLES` when spaces are governed by role assignments. */
  readSpaceRoleMode(): Promise<string>;
  listSpaceRoles(): Promise<SpaceRole[]>;
  listSpacePermissions(spaceId: string): Promise<SpacePermission[]>;
  listRoleAssignments(spaceId: string): Promise<RoleAssignment[]>;
  /** With `accessType`: only groups whose members have that access to the product. */
  listGroups(options: { accessType?: 'user' | 'admin' | 'site-admin' }): Promise<ConfluenceGroup[]>;
  /** Account ids of all members. */
  listGroupMembers(groupId: string): Promise<string[]>;
  /** Account ids of people of every kind, in groups or not; apps are left out. 10,000 at most. */
  listPeople(): Promise<PeopleListing>;
  /** Up to 250 accounts a call; an unknown id is absent from the answer. */
  readAccounts(accountIds: string[]): Promise<ConfluenceAccount[]>;
  /** Whether visitors who have not signed in may use the site at all. */
  readVisitorsMayUse(): Promise<boolean>;
  currentAccount(): Promise<ConfluenceAccount>;
  /** Records of the audit log within a window, newest first where the site keeps to that. */
  listAudit(options: AuditListing): Promise<Batch<ConfluenceAuditRecord>>;
  /** Confluence's own word on whether an account may view content; for others it needs an administrator's right. */
  checkPermission(contentId: string, accountId: string): Promise<boolean>;
}
