import type { ColumnType, Generated } from 'kysely';
import type { BigCount, GeneratedTime, Json } from './columns.ts';

/** What syncs what is stored. */
export type SyncKind = 'full' | 'incremental' | 'permissions' | 'sweep';

/** A dry run only tells what a full sync would do: nothing that asks for syncs may take one for a sync. */
export type RunKind = SyncKind | 'dry_run';

export type SyncTrigger = 'manual' | 'schedule' | 'setup';

export type RunState = 'queued' | 'running' | 'waiting' | 'paused' | 'succeeded' | 'failed' | 'cancelled';

/** Until when (ISO 8601) a step waits, and why. */
export type KeptWait = Record<'until' | 'message', string>;

export interface SyncRunsTable {
  id: Generated<string>;
  connection_id: string;
  kind: RunKind;
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
  heartbeat_at: Date | null;
  waits: Json<Record<string, KeptWait>>;
  failing_since: Date | null;
  failures_in_row: Generated<number>;
  changes: Json<Record<string, number>>;
  scope: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  created_at: GeneratedTime;
  started_at: Date | null;
  finished_at: Date | null;
  updated_at: GeneratedTime;
}

export interface SyncStagesTable {
  run_id: string;
  stage: string;
  state: Generated<'running' | 'done' | 'failed'>;
  done: BigCount;
  total: ColumnType<string | null, number | string | null | undefined, number | string | null>;
  started_at: GeneratedTime;
  finished_at: Date | null;
}

export interface SyncLogTable {
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

export interface SyncFailuresTable {
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

export interface CheckpointsTable {
  connection_id: string;
  stream: string;
  scope: Generated<string>;
  run_id: string | null;
  cursor: string | null;
  done: Generated<boolean>;
  high_water: Date | null;
  updated_at: GeneratedTime;
}
