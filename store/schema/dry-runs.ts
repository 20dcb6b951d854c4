import type { Generated, JSONColumnType } from 'kysely';
import type { Json } from './columns.ts';
import type { ConnectionSettings } from './connections.ts';
import type { RecordKind } from './records.ts';

/** What a sync would do with an item. */
export type DryRunOutcome = 'add' | 'update' | 'keep' | 'remove' | 'leave_out' | 'fail';

export interface DryRunsTable {
  run_id: string;
  connection_id: string;
  settings: Json<ConnectionSettings>;
  candidate: boolean;
  totals: JSONColumnType<DryRunTotal[] | null, string | null | undefined, string | null>;
}

/** How many items of a kind in a space would meet the same end for the same reason. */
export interface DryRunTotal {
  outcome: DryRunOutcome;
  reason: string | null;
  kind: RecordKind;
  /** null: of no space that is known. */
  spaceKey: string | null;
  items: number;
  points: number;
}

export interface DryRunSpacesTable {
  run_id: string;
  external_id: string;
  local_id: string;
  key: string;
  name: string;
  type: string;
  status: string;
  reason: string | null;
}

export interface DryRunItemsTable {
  run_id: string;
  external_id: string;
  kind: RecordKind;
  title: Generated<string>;
  url: Generated<string>;
  space_id: string | null;
  space_key: string | null;
  parent_id: string | null;
  container_id: string | null;
  labels: Generated<string[]>;
  author_id: string | null;
  created_at: Date | null;
  modified_at: Date | null;
  version: Generated<number>;
  media_type: string | null;
  file_size: string | null;
  read: Generated<boolean>;
  failure: string | null;
  outcome: DryRunOutcome | null;
  reason: string | null;
  points: Generated<number>;
}

export interface DryRunCheckpointsTable {
  run_id: string;
  stream: string;
  scope: Generated<string>;
  cursor: string | null;
  done: Generated<boolean>;
}
