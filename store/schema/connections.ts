import type { Generated } from 'kysely';
import type { ContentRules } from '../../content/rules/types.ts';
import type { WantedSettings } from '../../scope/settings.ts';
import type { GeneratedTime, Json } from './columns.ts';

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

export interface OAuthAppsTable {
  id: Generated<string>;
  name: string;
  client_id: string;
  client_secret: Buffer;
  listed: Generated<boolean>;
  created_at: GeneratedTime;
}

export interface GrantsTable {
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

export interface ConnectionsTable {
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
  status_before: 'draft' | 'paused' | 'attention' | 'needs_reauth' | null;
  status_before_cause: string | null;
  status_before_message: string | null;
  status_since: GeneratedTime;
  settings: Json<ConnectionSettings>;
  authorized_at: Date | null;
  configured_at: Date | null;
  created_by: string | null;
  api_token_expires_at: Date | null;
  settings_version: Generated<number>;
  credential_version: Generated<number>;
  deletion_total: string | null;
  deletion_done: Generated<string>;
  replies_listed_run: string | null;
  rendered_rules: Generated<string | null>;
  created_at: GeneratedTime;
  updated_at: GeneratedTime;
}

/** As stored: every part may be absent; `server/` fills in defaults with its schema. */
export interface ConnectionSettings extends WantedSettings {
  sync?: {
    strategy: 'scheduled' | 'manual';
    intervalMinutes?: number;
    cron?: string;
    timezone?: string;
    /** Runs of the schedule begin and go on only within it, by `timezone`; `to` before `from` goes over midnight. */
    window?: { from: string; to: string; days?: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[] };
    /** Never more requests a minute than this for the connection, whatever Atlassian would allow. */
    requestsPerMinute?: number;
  };
  deletions?: {
    /** An administrator is asked before more than this share of a space or of the connection is removed; 30 unless set. */
    askAbovePercent?: number;
  };
  permissions?: {
    /** How often permissions are read on their own clock; 15 unless set. */
    intervalMinutes?: number;
    /** `everyone`: what the site shows to visitors is shown to everybody who can sign in here. */
    anonymousAccess?: 'members' | 'everyone';
    /** Role in Sluice by the id of a group of Atlassian. */
    groupRoles?: Record<string, 'administrator' | 'member'>;
    /** Ids of groups by the name of an audience. */
    audiences?: Record<string, string[]>;
    /** Pairs of a person and a record compared with Confluence's own answer each night; 0: none. */
    comparedPairs?: number;
  };
  /** What of a page becomes the record. */
  content?: ContentRules;
  [other: string]: unknown;
}
