import type { ColumnType, Generated } from 'kysely';
import type { BigCount, GeneratedTime, Json } from './columns.ts';

/** What was told of a record when it did not show. */
export type VanishedEvidence = 'trashed' | 'archived' | 'deleted' | 'unlisted' | 'unanswered' | 'space';

/** Why a record was removed. `not_shown`: deleted for good, or shut to the crawling account: Atlassian tells them not apart. */
export type RemovalCause =
  | 'trashed'
  | 'archived'
  | 'deleted'
  | 'space_archived'
  | 'space_trashed'
  | 'space_gone'
  | 'out_of_scope'
  | 'not_shown'
  | 'container_gone';

export interface VanishedTable {
  connection_id: string;
  external_id: string;
  evidence: VanishedEvidence;
  since: GeneratedTime;
  run_id: string | null;
  cause: RemovalCause | null;
  asked_at: Date | null;
  brake_id: string | null;
}

export interface RemovalsTable {
  id: Generated<string>;
  connection_id: string;
  external_id: string;
  kind: string;
  title: Generated<string>;
  url: Generated<string>;
  space_key: string | null;
  cause: RemovalCause;
  run_id: string | null;
  at: GeneratedTime;
}

/** One of the records that a brake asks about, for an administrator to recognise. */
export interface BrakeSample {
  externalId: string;
  kind: string;
  title: string;
  url: string;
  cause: RemovalCause;
}

export interface DeletionBrakesTable {
  id: Generated<string>;
  connection_id: string;
  scope: string;
  name: Generated<string>;
  found: BigCount;
  total: BigCount;
  causes: Json<Partial<Record<RemovalCause, number>>>;
  sample: Json<BrakeSample[]>;
  run_id: string | null;
  asked_at: GeneratedTime;
  state: Generated<'asked' | 'confirmed' | 'kept' | 'released'>;
  decided_at: Date | null;
  decided_by: string | null;
}

export interface SweepPartsTable {
  connection_id: string;
  part: string;
  kind: string;
  space_id: string | null;
  cursor: string | null;
  began_at: Date | null;
  credential_version: number | null;
  listed: BigCount;
  finished_at: Date | null;
  run_id: string | null;
  space_ids: Generated<string[]>;
  walked: Generated<boolean>;
}

/** All that notices are about; docs/notices.md says what each tells. */
export type NoticeCode =
  | 'needs_reauth'
  | 'consent_expires'
  | 'token_expires'
  | 'mass_deletion'
  | 'nothing_found'
  | 'scope_shrank'
  | 'permissions_unread'
  | 'run_stuck'
  | 'counters_unbalanced'
  | 'engine_away'
  | 'notice_target_failing';

export type NoticeSeverity = 'info' | 'warning' | 'error';

export interface NoticesTable {
  id: Generated<string>;
  connection_id: string | null;
  code: NoticeCode;
  subject: Generated<string>;
  severity: NoticeSeverity;
  message: string;
  began_at: GeneratedTime;
  ended_at: Date | null;
}

export interface NoticeTargetsTable {
  id: Generated<string>;
  name: string;
  url: string;
  secret: Buffer;
  enabled: Generated<boolean>;
  created_at: GeneratedTime;
}

export interface NoticeDeliveriesTable {
  id: Generated<string>;
  target_id: string;
  notice_id: string;
  event: string;
  payload: ColumnType<unknown, string, string>;
  state: Generated<'pending' | 'delivered' | 'given_up'>;
  attempts: Generated<number>;
  next_attempt_at: GeneratedTime;
  last_error: string | null;
  created_at: GeneratedTime;
  delivered_at: Date | null;
}
