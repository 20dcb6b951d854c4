/**
 * The simulated company: everything that the sandbox answers is derived from this one object.
 * It is plain data, so a world can be loaded from JSON, saved, generated from a seed and compared.
 * Ids are strings of digits for content and spaces, `att…` for attachments, UUIDs for groups, as in Confluence Cloud.
 * Times are ISO 8601 UTC.
 */
export interface World {
  site: Site;
  /** Further sites that the people can choose at consent; they hold nothing. */
  otherSites?: Site[];
  people: Person[];
  groups: Group[];
  spaces: Space[];
  content: Content[];
  comments: Comment[];
  attachments: Attachment[];
  oauthApps: OAuthApp[];
  apiTokens: ApiToken[];
  audit: AuditRecord[];
  /** Which of two unestablished behaviours of Atlassian this world shows. */
  behaviour: Behaviour;
}

export interface Site {
  cloudId: string;
  name: string;
  /** e.g. `https://acme.atlassian.net` */
  url: string;
  spaceRoleMode: 'PRE_ROLES' | 'ROLES_TRANSITION' | 'ROLES';
  /** Whether anonymous access is allowed on the site at all. */
  anonymousAccess: boolean;
}

export interface Person {
  accountId: string;
  name: string;
  email: string;
  /** false: the profile hides the email from apps, which then see an empty string. */
  emailVisible: boolean;
  type: 'atlassian' | 'app' | 'customer';
  status: 'active' | 'inactive' | 'closed';
  /** A guest ("external collaborator"): no product access by group, sees what a space grants. */
  guest: boolean;
  timeZone: string;
  /** A Confluence administrator may read audit records and check others' permissions. */
  confluenceAdmin: boolean;
}

export interface Group {
  id: string;
  name: string;
  members: string[];
  /** Membership opens the product, administers it, or administers the whole site. */
  access: 'none' | 'user' | 'admin' | 'site-admin';
}

export type Principal =
  | { type: 'user'; id: string }
  | { type: 'group'; id: string }
  | { type: 'class'; id: AccessClass };

export type AccessClass =
  | 'anonymous-users'
  | 'jsm-project-admins'
  | 'authenticated-users'
  | 'all-licensed-users'
  | 'all-product-admins';

export interface Space {
  id: string;
  key: string;
  name: string;
  type: 'global' | 'collaboration' | 'knowledge_base' | 'personal';
  status: 'current' | 'archived' | 'trashed';
  authorId: string;
  homepageId: string | null;
  createdAt: string;
  /** Who may do what here. View is `read` on `space`. In role mode `roleAssignments` decide instead. */
  permissions: { id: string; principal: Principal; operation: string; target: string }[];
  roleAssignments: { principal: Principal; roleId: string }[];
}

export type ContentType = 'page' | 'blogpost' | 'folder' | 'whiteboard' | 'database' | 'embed';
export type ContentStatus = 'current' | 'archived' | 'trashed' | 'deleted' | 'draft';

export interface Content {
  id: string;
  type: ContentType;
  status: ContentStatus;
  spaceId: string;
  parentId: string | null;
  title: string;
  authorId: string;
  createdAt: string;
  version: Version;
  labels: string[];
  /** Storage format; empty for containers. */
  body: string;
  /** Versions before the present one, oldest first; their bodies are not kept. */
  history?: Version[];
  /** Absent lists mean no restriction; a present one admits only whom it names. */
  restrictions: { read: Restriction; update: Restriction };
  position: number;
}

export interface Restriction {
  users: string[];
  groups: string[];
}

export interface Version {
  number: number;
  createdAt: string;
  authorId: string;
  message: string;
  minorEdit: boolean;
}

export interface Comment {
  id: string;
  kind: 'footer' | 'inline';
  /** The page or blog post. */
  containerId: string;
  /** The comment that this one replies to. */
  parentId: string | null;
  status: 'current' | 'trashed' | 'deleted';
  authorId: string;
  createdAt: string;
  version: Version;
  body: string;
  /** Inline only. */
  marker: { ref: string; selection: string; resolution: 'open' | 'resolved' | 'reopened' } | null;
}

export interface Attachment {
  id: string;
  fileId: string;
  containerId: string;
  status: 'current' | 'trashed' | 'deleted';
  title: string;
  mediaType: string;
  authorId: string;
  createdAt: string;
  version: Version;
  labels: string[];
  /** The file's bytes: base64, or `size` bytes made on the fly from the id. */
  data: { base64: string } | { size: number };
}

export interface OAuthApp {
  clientId: string;
  clientSecret: string;
  name: string;
  /** Exactly one callback URL; `http` only for localhost. */
  redirectUri: string;
  /** Scopes that the developer console has enabled; asking for others fails at the authorize page. */
  scopes: string[];
}

export interface ApiToken {
  token: string;
  accountId: string;
  /** null: a classic token, used at the site; else a scoped one, used at the gateway. */
  scopes: string[] | null;
  expiresAt: string | null;
}

export interface AuditRecord {
  author: { accountId: string; displayName: string };
  remoteAddress: string;
  creationDate: number;
  summary: string;
  description: string;
  category: string;
  affectedObject: { name: string; objectType: string };
  associatedObjects: { name: string; objectType: string }[];
  changedValues: { name: string; oldValue: string; newValue: string }[];
}

export interface Behaviour {
  /** The largest page of `content/search`: Atlassian documents "fixed system limits" without a number. */
  contentSearchLimit: number;
  /** Whether the site-wide comment listings hold replies too, or roots only: not established. */
  commentListingsHoldReplies: boolean;
  /** Whether the way into the trash or the archive, and back, moves the modified date: not established. */
  trashingMovesDate?: boolean;
  /** Listings sorted by modified date do not show changes newer than this. */
  feedLagSeconds?: number;
  /** How the audit log differs from one that tells everything at once. */
  auditLog?: AuditLogBehaviour;
}

export interface AuditLogBehaviour {
  /** Nobody may read it, as on a plan without it. */
  refused?: boolean;
  /** Records appear this long after the time that they bear. */
  lagSeconds?: number;
  /** Summaries of records that are not written. */
  omitted?: string[];
  /** Changed titles are recorded; whether Confluence does so is not established. */
  titles?: boolean;
}
