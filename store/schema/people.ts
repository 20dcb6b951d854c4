import type { ColumnType, Generated } from 'kysely';
import type { BigCount, GeneratedTime } from './columns.ts';

export type Role = 'administrator' | 'member';

export interface UsersTable {
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

export interface UserAccountsTable {
  user_id: string;
  account_id: string;
  source: 'sign_in' | 'grant' | 'administrator';
  created_at: GeneratedTime;
}

export interface AccountReachTable {
  connection_id: string;
  account_id: string;
  records: BigCount;
  counted_at: GeneratedTime;
}

export interface ApiKeysTable {
  id: Generated<string>;
  user_id: string;
  name: string;
  prefix: string;
  key_hash: Buffer;
  scopes: Generated<string[]>;
  created_at: GeneratedTime;
  last_used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date | null;
}

export interface InvitationsTable {
  user_id: string;
  token_hash: Buffer;
  created_by: string | null;
  created_at: GeneratedTime;
  expires_at: Date;
}

export interface AuditLogTable {
  id: Generated<string>;
  at: GeneratedTime;
  actor_user_id: string | null;
  actor: string;
  action: string;
  target: Generated<string>;
  before: ColumnType<unknown, string | null | undefined, string | null>;
  after: ColumnType<unknown, string | null | undefined, string | null>;
  address: string | null;
}
