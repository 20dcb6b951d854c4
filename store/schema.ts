import type {
  ColumnType,
  Generated,
  Insertable,
  JSONColumnType,
  Kysely,
  Selectable,
  Transaction,
} from 'kysely';

/**
 * The tables of migrations/, by hand: `check (x in …)` becomes a union here. A test compares this with the database.
 * bigint columns arrive as strings (a JavaScript number could not hold them all).
 */
export interface Database {
  users: UsersTable;
  user_accounts: UserAccountsTable;
  sessions: { sid: string; sess: unknown; expire: Date };
  setup_links: { token_hash: Buffer; created_at: GeneratedTime; expires_at: Date; used_at: Date | null };
  authorize_links: {
    token_hash: Buffer;
    connection_id: string;
    user_id: string;
    created_at: GeneratedTime;
    expires_at: Date;
    used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  api_keys: ApiKeysTable;
  audit_log: AuditLogTable;
  oauth_apps: OAuthAppsTable;
  grants: GrantsTable;
  user_grants: { user_id: string; grant_id: string; created_at: GeneratedTime };
  connections: ConnectionsTable;
  points_ledger: { budget: string; hour: Date; requests: BigCount; points: BigCount };
  rate_limits: {
    budget: string;
    blocked_until: Date | null;
    reason: string | null;
    tokens: Generated<number>;
    refilled_at: GeneratedTime;
  };
  sync_runs: SyncRunsTable;
  sync_stages: SyncStagesTable;
  sync_log: SyncLogTable;
  sync_failures: SyncFailuresTable;
  checkpoints: CheckpointsTable;
  atlassian_accounts: AtlassianAccountsTable;
  atlassian_groups: AtlassianGroupsTable;
  group_members: { connection_id: string; group_id: string; account_id: string };
  acl_layers: AclLayersTable;
  acls: { id: Generated<string>; connection_id: string; layer_ids: string[] };
  spaces: SpacesTable;
  records: RecordsTable;
  content_access: {
    connection_id: string;
    external_id: string;
    labels: Generated<string[]>;
    layer_id: string | null;
    seen_run: string | null;
    read_at: GeneratedTime;
  };
  record_bodies: {
    record_id: string;
    format: Generated<string>;
    raw: Generated<string>;
    markdown: Generated<string>;
    text: Generated<string>;
  };
  record_search: { record_id: string; words: string; cjk: string | null };
}

export type Db = Kysely<Database> | Transaction<Database>;

type GeneratedTime = ColumnType<Date, Date | undefined, Date>;
type BigCount = ColumnType<string, bigint | number | string | undefined, bigint | number | string>;
type Json<T extends object> = JSONColumnType<T, string | undefined, string>;

export type Role = 'administrator' | 'member';
export type Product = 'confluence' | 'jira';
export type Deployment = 'cloud' | 'datacenter';
export type AuthMethod = 'oauth' | 'api_token' | 'pat' | 'basic';
export type ConnectionStatus =
  | 'draft'
  | 'active'
  | 'paused'
  | 'needs_reauth'
  | 'attention'
  | 'disabled'
  | 'disconnecting';
export type SyncKind = 'full' | 'incremental' | 'permissions' | 'sweep';
export type SyncTrigger = 'manual' | 'schedule' | 'setup';
export type RunState = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
export type RecordKind =
  | 'page'
  | 'blogpost'
  | 'comment'
  | 'attachment'
  | 'folder'
  | 'whiteboard'
  | 'database'
  | 'embed';
export type RecordState = 'indexed' | 'pending' | 'filtered' | 'failed' | 'manual';

interface UsersTable {
  id: Generated<string>;
  email: string;
  email_verified: Generated<boolean>;
  name: Generated<string>;
  role: Role;
  password_hash: string | null;
  active: Generated<boolean>;
  created_at: GeneratedTime;
  signed_in_at: Date | null;
}

interface UserAccountsTable {
  user_id: string;
  account_id: string;
  source: 'sign_in' | 'grant' | 'administrator';
  created_at: GeneratedTime;
}

interface ApiKeysTable {
  id: Generated<string>;
  user_id: string;
  name: string;
  prefix: string;
  key_hash: Buffer;
  scopes: Generated<string[]>;
  created_at: GeneratedTime;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

interface AuditLogTable {
  id: Generated<string>;
  at: GeneratedTime;
  actor_user_id: string | null;
  actor: string;
  action: string;
  target: Generated<string>;
  before: ColumnType<unknown, string | null | undefined, string | null>;
  after: ColumnType<unknown, string | null | undefined, string | null>;
}

interface OAuthAppsTable {
  id: Generated<string>;
  name: string;
  client_id: string;
  client_secret: Buffer;
  listed: Generated<boolean>;
  created_at: GeneratedTime;
}

interface GrantsTable {
  id: Generated<string>;
  oauth_app_id: string;
  account_id: string;
  account_name: Generated<string>;
  account_email: string | null;
  scopes: Generated<string[]>;
  access_token: Buffer;
  access_expires_at: Date;
  refresh_token: Buffer | null;
  previous_refresh_token: Buffer | null;
  rotated_at: GeneratedTime;
  state: Generated<'active' | 'dead'>;
  dead_cause: string | null;
  created_at: GeneratedTime;
  updated_at: GeneratedTime;
}

interface ConnectionsTable {
  id: Generated<string>;
  name: string;
  product: Product;
  deployment: Deployment;
  site_url: string;
  cloud_id: string | null;
  auth_method: AuthMethod;
  oauth_app_id: string | null;
  grant_id: string | null;
  api_email: string | null;
  api_token: Buffer | null;
  api_token_scoped: Generated<boolean>;
  account_id: string | null;
  account_name: string | null;
  status: Generated<ConnectionStatus>;
  status_cause: string | null;
  status_message: string | null;
  settings: Json<ConnectionSettings>;
  authorized_at: Date | null;
  configured_at: Date | null;
  created_by: string | null;
  created_at: GeneratedTime;
  updated_at: GeneratedTime;
}

/** As stored: every part may be absent; `server/` fills in defaults with its schema. */
export interface ConnectionSettings {
  sync?: {
    strategy: 'scheduled' | 'manual';
    intervalMinutes?: number;
    cron?: string;
    timezone?: string;
  };
  scope?: { archivedSpaces?: boolean; personalSpaces?: boolean };
  [other: string]: unknown;
}

interface SyncRunsTable {
  id: Generated<string>;
  connection_id: string;
  kind: SyncKind;
  trigger: Generated<SyncTrigger>;
  state: Generated<RunState>;
  cause: string | null;
  message: string | null;
  seen: BigCount;
  indexed: BigCount;
  unchanged: BigCount;
  filtered: BigCount;
  failed: BigCount;
  deleted: BigCount;
  requests: BigCount;
  points: BigCount;
  waiting_until: Date | null;
  created_at: GeneratedTime;
  started_at: Date | null;
  finished_at: Date | null;
  updated_at: GeneratedTime;
}

interface SyncStagesTable {
  run_id: string;
  stage: string;
  state: Generated<'running' | 'done' | 'failed'>;
  done: BigCount;
  total: ColumnType<string | null, number | string | null | undefined, number | string | null>;
  started_at: GeneratedTime;
  finished_at: Date | null;
}

interface SyncLogTable {
  id: Generated<string>;
  run_id: string;
  at: GeneratedTime;
  level: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  item: string | null;
  url: string | null;
  status: number | null;
  trace_id: string | null;
  details: ColumnType<unknown, string | null | undefined, string | null>;
}

interface SyncFailuresTable {
  connection_id: string;
  stage: string;
  external_id: string;
  run_id: string | null;
  title: Generated<string>;
  url: string | null;
  status: number | null;
  trace_id: string | null;
  message: string;
  attempts: Generated<number>;
  first_at: GeneratedTime;
  last_at: GeneratedTime;
  next_retry_at: Date | null;
}

interface CheckpointsTable {
  connection_id: string;
  stream: string;
  scope: Generated<string>;
  run_id: string | null;
  cursor: string | null;
  done: Generated<boolean>;
  high_water: Date | null;
  updated_at: GeneratedTime;
}

interface AtlassianAccountsTable {
  connection_id: string;
  account_id: string;
  display_name: Generated<string>;
  email: string | null;
  account_type: Generated<string>;
  account_status: Generated<string>;
  guest: Generated<boolean>;
  read_at: GeneratedTime;
}

interface AtlassianGroupsTable {
  connection_id: string;
  group_id: string;
  name: Generated<string>;
  members_state: Generated<'known' | 'unknown'>;
  opens_product: Generated<boolean>;
  administers: Generated<boolean>;
  read_at: GeneratedTime;
}

interface AclLayersTable {
  id: Generated<string>;
  connection_id: string;
  kind: 'product' | 'space' | 'content';
  source_id: string;
  state: 'known' | 'unknown';
  principals: Generated<string[]>;
  reason: string | null;
  read_at: GeneratedTime;
}

interface SpacesTable {
  id: Generated<string>;
  connection_id: string;
  external_id: string;
  key: string;
  name: string;
  type: string;
  status: string;
  homepage_id: string | null;
  url: Generated<string>;
  layer_id: string | null;
  seen_run: string | null;
  read_at: GeneratedTime;
}

interface RecordsTable {
  id: Generated<string>;
  connection_id: string;
  external_id: string;
  kind: RecordKind;
  space_id: string | null;
  parent_id: string | null;
  container_id: string | null;
  title: Generated<string>;
  url: Generated<string>;
  status: Generated<string>;
  author_id: string | null;
  labels: Generated<string[]>;
  version: Generated<number>;
  created_at: Date | null;
  modified_at: Date | null;
  media_type: string | null;
  file_size: string | null;
  acl_id: string | null;
  state: Generated<RecordState>;
  attributes: Json<Record<string, unknown>>;
  digest: Generated<string>;
  seen_run: string | null;
  synced_at: GeneratedTime;
}

export type User = Selectable<UsersTable>;
export type NewUser = Insertable<UsersTable>;
export type OAuthApp = Selectable<OAuthAppsTable>;
export type Grant = Selectable<GrantsTable>;
export type Connection = Selectable<ConnectionsTable>;
export type SyncRun = Selectable<SyncRunsTable>;
export type SyncStage = Selectable<SyncStagesTable>;
export type StoredRecord = Selectable<RecordsTable>;
export type Space = Selectable<SpacesTable>;
