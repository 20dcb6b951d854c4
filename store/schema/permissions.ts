import type { ColumnType, Generated } from 'kysely';
import type { GeneratedTime } from './columns.ts';

export interface PermissionFreshnessTable {
  connection_id: string;
  promised_seconds: number | null;
  oldest_read_at: Date | null;
  p50_seconds: number | null;
  p95_seconds: number | null;
  audit_state: Generated<'untried' | 'readable' | 'refused'>;
  audit_message: string | null;
  audit_high_water: Date | null;
  compared_at: Date | null;
  updated_at: GeneratedTime;
}

export interface PermissionChangesTable {
  id: Generated<string>;
  connection_id: string;
  at: GeneratedTime;
  kind: 'product' | 'space' | 'content' | 'place' | 'group' | 'account';
  source_id: string;
  change: 'added' | 'removed' | 'changed';
  found_by: 'rolling' | 'audit' | 'full' | 'incremental';
  lag_seconds: number;
  exact: Generated<boolean>;
}

export type PermissionDueKind = 'product' | 'space' | 'content' | 'group' | 'account';

export interface PermissionDueTable {
  connection_id: string;
  kind: PermissionDueKind;
  source_id: string;
  since: GeneratedTime;
  reason: Generated<string>;
}

export interface PermissionReadingsTable {
  id: Generated<string>;
  connection_id: string;
  run_id: string;
  at: GeneratedTime;
  kind: PermissionDueKind;
  units: number;
  gap_seconds: number | null;
  requests: number;
  points: number;
}

export interface PermissionChecksTable {
  id: Generated<string>;
  connection_id: string;
  at: GeneratedTime;
  account_id: string;
  external_id: string;
  ours: boolean;
  theirs: boolean | null;
  state: 'agreed' | 'open' | 'resolved' | 'unanswered';
  layers: ColumnType<unknown[], string | undefined, string>;
  resolved_at: Date | null;
  resolution: string | null;
}

export interface RecordHoldsTable {
  connection_id: string;
  external_id: string;
  check_id: string | null;
  reason: string;
  created_at: GeneratedTime;
}

export interface AuditObject {
  name: string;
  objectType: string;
}

export interface AuditChange {
  name: string;
  oldValue: string;
  newValue: string;
}

export interface ConfluenceAuditTable {
  id: Generated<string>;
  connection_id: string;
  digest: string;
  at: Date;
  author_id: string | null;
  author: Generated<string>;
  category: Generated<string>;
  summary: Generated<string>;
  description: Generated<string>;
  object_type: Generated<string>;
  object: Generated<string>;
  associated: ColumnType<AuditObject[], string | undefined, string>;
  changed: ColumnType<AuditChange[], string | undefined, string>;
  remote_address: Generated<string>;
}
