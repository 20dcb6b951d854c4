import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  Insertable,
  Kysely,
  Selectable,
  Transaction,
} from 'kysely';
import type { BigCount, GeneratedTime } from './schema/columns.ts';
import type {
  DryRunCheckpointsTable,
  DryRunItemsTable,
  DryRunSpacesTable,
  DryRunsTable,
} from './schema/dry-runs.ts';
import type { OAuthAppsTable, GrantsTable, ConnectionsTable } from './schema/connections.ts';
import type {
  UsersTable,
  UserAccountsTable,
  AccountReachTable,
  ApiKeysTable,
  AuditLogTable,
  InvitationsTable,
} from './schema/people.ts';
import type {
  AtlassianAccountsTable,
  AtlassianGroupsTable,
  AclLayersTable,
  SpacesTable,
  RecordChoicesTable,
  RecordEventsTable,
  RecordSelectionsTable,
  RecordsTable,
} from './schema/records.ts';
import type {
  ConfluenceAuditTable,
  PermissionChangesTable,
  PermissionChecksTable,
  PermissionDueTable,
  PermissionFreshnessTable,
  PermissionReadingsTable,
  RecordHoldsTable,
} from './schema/permissions.ts';
import type { AttachmentTextsTable } from './schema/files.ts';
import type {
  SyncRunsTable,
  SyncStagesTable,
  SyncLogTable,
  SyncFailuresTable,
  CheckpointsTable,
} from './schema/sync.ts';

import type {
  DeletionBrakesTable,
  NoticeDeliveriesTable,
  NoticesTable,
  NoticeTargetsTable,
  RemovalsTable,
  SweepPartsTable,
  VanishedTable,
} from './schema/upkeep.ts';

export type * from './schema/connections.ts';
export type * from './schema/dry-runs.ts';
export type * from './schema/files.ts';
export type * from './schema/people.ts';
export type * from './schema/permissions.ts';
export type * from './schema/records.ts';
export type * from './schema/sync.ts';
export type * from './schema/upkeep.ts';

/**
 * The tables of migrations/, by hand: `check (x in …)` becomes a union here. A test compares this with the database.
 * bigint columns arrive as strings (a JavaScript number could not hold them all).
 */
export interface Database {
  users: UsersTable;
  user_accounts: UserAccountsTable;
  account_reach: AccountReachTable;
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
  invitations: InvitationsTable;
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
    failing_since: Date | null;
    failed_probes: Generated<number>;
    probing_until: Date | null;
  };
  sync_runs: SyncRunsTable;
  sync_stages: SyncStagesTable;
  sync_log: SyncLogTable;
  sync_failures: SyncFailuresTable;
  checkpoints: CheckpointsTable;
  dry_runs: DryRunsTable;
  dry_run_spaces: DryRunSpacesTable;
  dry_run_items: DryRunItemsTable;
  dry_run_checkpoints: DryRunCheckpointsTable;
  atlassian_accounts: AtlassianAccountsTable;
  atlassian_groups: AtlassianGroupsTable;
  group_members: { connection_id: string; group_id: string; account_id: string };
  acl_layers: AclLayersTable;
  acls: { id: Generated<string>; connection_id: string; layer_ids: string[] };
  access_changes: { id: Generated<string>; xid: Generated<string>; layer_ids: string[]; acl_ids: string[] };
  access_horizon: { cluster: string; xid: string };
  readable_sets: {
    user_id: string;
    snapshot: string;
    held: Buffer;
    chunks: string[];
    space_ids: string[] | null;
    bits: string[];
  };
  acl_spaces: { acl_id: string; space_id: string };
  spaces: SpacesTable;
  records: RecordsTable;
  record_choices: RecordChoicesTable;
  record_selections: RecordSelectionsTable;
  record_events: RecordEventsTable;
  content_access: {
    connection_id: string;
    external_id: string;
    labels: Generated<string[]>;
    layer_id: string | null;
    seen_run: string | null;
    read_at: GeneratedTime;
    as_of: Generated<Date>;
  };
  permission_freshness: PermissionFreshnessTable;
  permission_changes: PermissionChangesTable;
  permission_due: PermissionDueTable;
  permission_readings: PermissionReadingsTable;
  permission_checks: PermissionChecksTable;
  record_holds: RecordHoldsTable;
  confluence_audit: ConfluenceAuditTable;
  vanished: VanishedTable;
  removals: RemovalsTable;
  deletion_brakes: DeletionBrakesTable;
  sweep_parts: SweepPartsTable;
  sweep_seen: { connection_id: string; part: string; external_id: string };
  discussion_due: { connection_id: string; external_id: string; since: GeneratedTime };
  outside_spaces: {
    connection_id: string;
    external_id: string;
    key: Generated<string>;
    type: Generated<string>;
    status: string;
    read_at: GeneratedTime;
  };
  space_due: { connection_id: string; external_id: string; since: GeneratedTime };
  notices: NoticesTable;
  notice_targets: NoticeTargetsTable;
  notice_deliveries: NoticeDeliveriesTable;
  record_bodies: {
    record_id: string;
    format: Generated<string>;
    raw: Generated<string>;
    markdown: Generated<string>;
    text: Generated<string>;
    rules: Generated<string>;
  };
  attachment_texts: AttachmentTextsTable;
  record_search: {
    record_id: string;
    words: string;
    cjk: string | null;
    head: GeneratedAlways<string>;
    modified_at: Date | null;
  };
}

export type Db = Kysely<Database> | Transaction<Database>;

export type User = Selectable<UsersTable>;
export type NewUser = Insertable<UsersTable>;
export type OAuthApp = Selectable<OAuthAppsTable>;
export type Grant = Selectable<GrantsTable>;
export type Connection = Selectable<ConnectionsTable>;
export type NoticeTarget = Selectable<NoticeTargetsTable>;
export type NoticeDelivery = Selectable<NoticeDeliveriesTable>;
export type SyncRun = Selectable<SyncRunsTable>;
export type SyncStage = Selectable<SyncStagesTable>;
export type StoredRecord = Selectable<RecordsTable>;
export type Space = Selectable<SpacesTable>;
