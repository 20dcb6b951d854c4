import type {
  AuthMethod,
  ConnectionStatus,
  Deployment,
  Product,
  Role,
  RunState,
  SyncKind,
  SyncTrigger,
} from '../store/schema.ts';
import type { RoleSource } from '../store/group-roles.ts';
import type { ApiKeyScope } from './actor.ts';
import type { Settings } from './settings.ts';

/** The shapes that the API answers with and pages show. Times are ISO 8601 in UTC. No shape holds a secret. */
export interface Page<T> {
  items: T[];
  /** Pass it as `cursor` for what follows; null at the end. */
  nextCursor: string | null;
}

export interface UserView {
  id: string;
  email: string;
  emailVerified: boolean;
  name: string;
  /** As stored. */
  role: Role;
  /** The stronger of the stored role and those that groups of Atlassian give. */
  effectiveRole: Role;
  /** Where the effective role is from when it is stronger than the stored one. */
  roleThrough: RoleSource | null;
  active: boolean;
  /** Atlassian accounts that are proven to be this person. */
  accounts: { accountId: string; source: 'sign_in' | 'grant' | 'administrator' }[];
  createdAt: string;
  signedInAt: string | null;
  /** The link by which this person may set a password, where one is out. */
  invitation: { expiresAt: string } | null;
}

export interface ApiKeyView {
  id: string;
  name: string;
  /** The first characters, to tell keys apart. */
  prefix: string;
  scopes: ApiKeyScope[];
  owner: { id: string; email: string };
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

export interface OAuthAppView {
  id: string;
  name: string;
  clientId: string;
  /** How many connections crawl with it. */
  connections: number;
  createdAt: string;
}

export type StepState = 'done' | 'todo' | 'attention' | 'locked';

export interface ConnectionView {
  id: string;
  name: string;
  product: Product;
  deployment: Deployment;
  siteUrl: string;
  cloudId: string | null;
  auth: {
    method: AuthMethod;
    oauthApp: { id: string; name: string; clientId: string; listed: boolean } | null;
    email: string | null;
    scoped: boolean;
    /** When the API token ends, as was entered with it. */
    expiresAt: string | null;
  };
  account: { id: string; name: string } | null;
  status: ConnectionStatus;
  statusCause: string | null;
  statusMessage: string | null;
  /** Since when it is that. */
  statusSince: string;
  settings: Settings;
  /** The three tabs; `reason` says why a locked one is locked, or what needs attention. */
  steps: Record<'authenticate' | 'authorize' | 'configure', { state: StepState; reason: string | null }>;
  /** The callback to enter in the Atlassian developer console. */
  redirectUrl: string;
  currentRun: RunView | null;
  lastRun: RunView | null;
  permissions: FreshnessView;
  /** When the schedule starts the next five; null while Temporal does not answer. */
  nextRuns: string[] | null;
  /** Rises with each change of the settings: for If-Match. */
  settingsVersion: number;
  /** Of one that is being deleted: rows, and how many of them are gone. */
  deletion: { total: number; done: number } | null;
  createdAt: string;
  updatedAt: string;
  authorizedAt: string | null;
  configuredAt: string | null;
}

/** A connection after its settings were stored. */
export interface SavedSettingsView extends ConnectionView {
  /** Other records are wanted than before, or other content of them. */
  scopeChanged: boolean;
  /** The sync that carries the change out; null where none was due, or none could start. */
  startedSync: RunView | null;
}

/** How soon a change of permissions at Atlassian counts here. null: not known yet. */
export interface FreshnessView {
  /** Within this many seconds, by the pace of the last permission sync. */
  promisedSeconds: number | null;
  /** Of the changes that were found in the last seven days: how long they were in force there before they were here. */
  changes: number;
  p50Seconds: number | null;
  p95Seconds: number | null;
  /** When the longest unread thing that decides about access was read. */
  oldestReadAt: string | null;
  /** When permissions were read completely last. */
  readAt: string | null;
  /** When the schedule starts the next permission sync; null where none is due. */
  nextAt: string | null;
  /** A permission sync is queued, running or waiting. */
  reading: boolean;
  /** What went wrong in the newest permission sync; null where nothing did. */
  trouble: string | null;
  /** Of the permission syncs of the last 24 hours. */
  day: { runs: number; requests: number; points: number };
  /** Whether Confluence's audit log can be read, which tells of changes at once. */
  auditLog: { state: 'untried' | 'readable' | 'refused'; message: string | null };
}

export interface RunView {
  id: string;
  connectionId: string;
  kind: SyncKind;
  /** It only told what a sync of that kind would do. */
  dryRun: boolean;
  trigger: SyncTrigger;
  state: RunState;
  cause: string | null;
  message: string | null;
  counts: Record<'seen' | 'indexed' | 'unchanged' | 'filtered' | 'failed' | 'deleted', number>;
  requests: number;
  points: number;
  waitingUntil: string | null;
  /** The last sign of life of a step; null before the first. */
  heartbeatAt: string | null;
  /** What it changed, by name; empty where nothing. */
  changes: Record<string, number>;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** From its start to its end, or to now; null before it started. */
  durationSeconds: number | null;
}

export interface StageView {
  stage: string;
  state: 'running' | 'done' | 'failed';
  done: number;
  /** An estimate; null while nothing can be said. */
  total: number | null;
}

/** A run while it runs: what GET /syncs/{id} answers and the `progress` event carries. */
export interface ProgressView extends RunView {
  stages: StageView[];
  /** Items a second over the run so far; null before the first. */
  rate: number | null;
  /** Null when no total is known. */
  remainingSeconds: number | null;
  /** The newest failed items of the connection, at most 20. */
  failures: FailureView[];
}

export interface FailureView {
  stage: string;
  externalId: string;
  title: string;
  /** In Atlassian; null where there is no page to open. */
  url: string | null;
  /** The path that was asked for. */
  request: string | null;
  status: number | null;
  traceId: string | null;
  message: string;
  /** What follows from it, for whoever looks for a page. */
  meaning: string;
  attempts: number;
  firstAt: string;
  lastAt: string;
  /** When a sync tries it again by itself; null: with the next full one. */
  nextRetryAt: string | null;
}

export interface LogLineView {
  id: string;
  at: string;
  level: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  item: string | null;
  url: string | null;
  status: number | null;
  traceId: string | null;
}

export interface CheckView {
  name: string;
  ok: boolean;
  message: string;
}

/** One own consent of a user, with the Atlassian account that it proves. */
export interface GrantView {
  id: string;
  user: { id: string; email: string };
  oauthApp: { id: string; name: string };
  accountId: string;
  accountName: string;
  scopes: string[];
  state: 'active' | 'dead';
  deadCause: string | null;
  /** When Atlassian ends it unless it is given anew; told two weeks ahead, null before. */
  endsAt: string | null;
  createdAt: string;
}

/** An app through which a user can prove an Atlassian account, with the consents that he or she gave. */
export interface OfferedApp {
  id: string;
  name: string;
  /** Hosts of the sites that are read through it. */
  hosts: string[];
  /** Newest first; several where somebody has several accounts. */
  consents: GrantView[];
}

export interface AuditView {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string;
  /** From where, as the server saw it; null: by the server itself. */
  address: string | null;
  before: unknown;
  after: unknown;
}

export interface GroupView {
  connectionId: string;
  groupId: string;
  name: string;
  members: number | null;
  opensProduct: boolean;
  administers: boolean;
}
