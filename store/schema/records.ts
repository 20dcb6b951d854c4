import type { Generated } from 'kysely';
import type { GeneratedTime, Json } from './columns.ts';

export type RecordKind =
  | 'page'
  | 'blogpost'
  | 'comment'
  | 'attachment'
  | 'folder'
  | 'whiteboard'
  | 'database'
  | 'embed';

/** As stored; where people and programs read, `waiting` is told as pending. */
export type RecordState = 'indexed' | 'pending' | 'waiting' | 'filtered' | 'failed' | 'manual';

export interface AtlassianAccountsTable {
  connection_id: string;
  account_id: string;
  display_name: Generated<string>;
  email: string | null;
  account_type: Generated<string>;
  account_status: Generated<string>;
  guest: Generated<boolean>;
  read_at: GeneratedTime;
  email_before: string | null;
}

export interface AtlassianGroupsTable {
  connection_id: string;
  group_id: string;
  name: Generated<string>;
  members_state: Generated<'known' | 'unknown'>;
  opens_product: Generated<boolean>;
  administers: Generated<boolean>;
  read_at: GeneratedTime;
  members_as_of: Generated<Date>;
  members_read_at: Date | null;
}

export interface AclLayersTable {
  id: Generated<string>;
  connection_id: string;
  kind: 'product' | 'space' | 'content';
  source_id: string;
  state: 'known' | 'unknown';
  principals: Generated<string[]>;
  reason: string | null;
  read_at: GeneratedTime;
  as_of: Generated<Date>;
  roles: Json<Record<string, string[]>>;
  opening: string[] | null;
  opening_as_of: Date | null;
}

export interface SpacesTable {
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

export interface RecordsTable {
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
  state_reason: string | null;
  body_due: Generated<boolean>;
}

export interface RecordChoicesTable {
  connection_id: string;
  reach: 'record' | 'subtree' | 'space';
  external_id: string;
  indexed: boolean;
  chosen_by: string | null;
  chosen_at: GeneratedTime;
}

export interface RecordSelectionsTable {
  id: Generated<string>;
  connection_id: string;
  name: string;
  query: Json<Record<string, unknown>>;
  created_by: string | null;
  created_at: GeneratedTime;
}

export interface RecordEventsTable {
  id: Generated<string>;
  connection_id: string;
  external_id: string;
  at: GeneratedTime;
  run_id: string | null;
  what: string;
  detail: Json<Record<string, unknown>>;
}
