import type { Role, SyncKind } from '../../store/schema.ts';
import type { Actor, ApiKeyScope } from '../actor.ts';
import type { AuditService } from './audit.ts';
import type { ChoicesService } from './choices.ts';
import type { ComparisonService } from './comparison.ts';
import type { ConfluenceAuditService } from './confluence-audit.ts';
import type { ContentRulesService } from './content-rules.ts';
import type { DiagnosisService } from './diagnosis.ts';
import type { DryRunsService } from './dry-runs.ts';
import type { FailuresService } from './failures.ts';
import type { ForecastService } from './forecast.ts';
import type { DisconnectService } from './disconnect.ts';
import type { HiddenService } from './hidden.ts';
import type { InvitationsService } from './invitations.ts';
import type { LogsService } from './logs.ts';
import type { NoticeTargetsService } from './notice-targets.ts';
import type { NoticesService } from './notices.ts';
import type { OverviewService } from './overview.ts';
import type { PermissionSettingsService } from './permission-settings.ts';
import type { RecordsService } from './records/service.ts';
import type { RemovalsService } from './removals.ts';
import type { ScopePreviewService } from './scope-preview.ts';
import type { Settings } from '../settings.ts';
import type { SessionsService } from './sessions.ts';
import type { SteeringService } from './steering.ts';
import type { RunLogService } from './run-log.ts';
import type { PeopleService } from './people/views.ts';
import type {
  ApiKeyView,
  CheckView,
  ConnectionView,
  GrantView,
  GroupView,
  OAuthAppView,
  OfferedApp,
  Page,
  ProgressView,
  RunView,
  SavedSettingsView,
  UserView,
} from '../views.ts';

/**
 * What the API and the pages may ask. Every function checks the actor's role itself, writes the audit log for what it
 * changes, and throws InvalidInput (fields), NotFound, Conflict or Forbidden in words for people.
 */
export interface PageRequest {
  cursor?: string | undefined;
  /** 1 to 200, default 50. */
  limit?: number | undefined;
}

/** How much of a person goes when the person is deleted, and what stays. */
export interface UserBelongings {
  user: UserView;
  sessions: number;
  apiKeys: number;
  consents: number;
  /** Connections that this person made: they stay. */
  connections: number;
}

export interface UsersService {
  list(actor: Actor, page?: PageRequest): Promise<Page<UserView>>;
  get(actor: Actor, id: string): Promise<UserView>;
  /** The administrator vouches for the email: it counts as verified. */
  create(
    actor: Actor,
    input: { email: string; name?: string; role: Role; password?: string },
  ): Promise<UserView>;
  setRole(actor: Actor, id: string, role: Role): Promise<UserView>;
  /** Deactivating ends the person's sessions and keys at once. The last active administrator stays. */
  setActive(actor: Actor, id: string, active: boolean): Promise<UserView>;
  /** What goes with a person: for the question before. */
  belongings(actor: Actor, id: string): Promise<UserBelongings>;
  /** Deletes the person with sessions, keys, own consents and account links. The last active administrator stays. */
  remove(actor: Actor, id: string): Promise<void>;
  /** Ends the person's sessions, this one too. One's own (with the current password, when one is set) or, for an administrator, anybody's. */
  setPassword(actor: Actor, id: string, input: { password: string; current?: string }): Promise<void>;
  /** An administrator's word that an Atlassian account is this person; `null` removes one. */
  linkAccount(actor: Actor, id: string, accountId: string): Promise<UserView>;
  unlinkAccount(actor: Actor, id: string, accountId: string): Promise<UserView>;
}

export interface ApiKeysService {
  /** An administrator's list holds everybody's keys; a member's his or her own. */
  list(actor: Actor): Promise<ApiKeyView[]>;
  /** `key` is shown this once and stored hashed. Only administrators make keys that administer or impersonate. */
  create(
    actor: Actor,
    input: { name: string; scopes: ApiKeyScope[]; expiresAt?: string | null },
  ): Promise<ApiKeyView & { key: string }>;
  revoke(actor: Actor, id: string): Promise<void>;
}

export interface OAuthAppsService {
  list(actor: Actor): Promise<OAuthAppView[]>;
  create(
    actor: Actor,
    input: { name: string; clientId: string; clientSecret: string },
  ): Promise<OAuthAppView>;
  update(actor: Actor, id: string, input: { name?: string; clientSecret?: string }): Promise<OAuthAppView>;
  /** @throws Conflict `oauth_app_in_use` naming the connections */
  remove(actor: Actor, id: string): Promise<void>;
}

/** The Authenticate tab and POST /connections. Every pasted value is trimmed. */
export interface ConnectionInput {
  name: string;
  product: 'confluence' | 'jira';
  deployment: 'cloud' | 'datacenter';
  siteUrl: string;
  auth:
    | { method: 'oauth'; oauthAppId: string }
    | { method: 'oauth'; clientId: string; clientSecret: string }
    | { method: 'api_token'; email: string; token: string; scoped?: boolean; expiresAt?: string | null };
}

/** What the Authenticate tab may change later; an empty secret keeps the stored one. */
export interface ConnectionChange {
  name?: string | undefined;
  siteUrl?: string | undefined;
  auth?:
    | ConnectionInput['auth']
    | { method: 'api_token'; email: string; token?: string; scoped?: boolean; expiresAt?: string | null }
    | undefined;
}

export interface ConnectionsService {
  list(actor: Actor): Promise<ConnectionView[]>;
  get(actor: Actor, id: string): Promise<ConnectionView>;
  /**
   * Stores the Authenticate tab. A connection by API token is verified live and becomes authorized at once.
   * @throws InvalidInput with a message at each field: name, siteUrl, oauthAppId, clientId, clientSecret, email, token
   */
  create(actor: Actor, input: ConnectionInput): Promise<ConnectionView>;
  update(actor: Actor, id: string, change: ConnectionChange): Promise<ConnectionView>;
  /**
   * Replaces the settings; the first time completes the Configure Records tab. A change of what is wanted starts a sync at
   * once: an incremental one, or a full one where none has succeeded yet.
   * @param options.expectedVersion `settingsVersion` of the settings that were looked at
   * @param options.sync whether a sync may be started; unless given, where the strategy is not `manual`
   * @throws SluiceError `settings_changed` (412) where they are others by now
   */
  updateSettings(
    actor: Actor,
    id: string,
    settings: Settings,
    options?: { expectedVersion?: number | undefined; sync?: boolean | undefined },
  ): Promise<SavedSettingsView>;
  test(actor: Actor, id: string): Promise<{ ok: boolean; checks: CheckView[] }>;
  enable(actor: Actor, id: string): Promise<ConnectionView>;
  disable(actor: Actor, id: string): Promise<ConnectionView>;
  /** A link for a browser that is not signed in: good for an hour, until the connection is authorized. */
  authorizeLink(actor: Actor, id: string): Promise<string>;
  groups(actor: Actor, connectionId: string, page?: PageRequest): Promise<Page<GroupView>>;
}

/** The part of a session that consents need; express-session's `req.session` fits. */
export interface ConsentSession {
  consents?: Record<string, PendingConsent>;
  /** Who is signed in: a consent that somebody else started in this browser is refused. */
  userId?: string;
}

export interface PendingConsent {
  purpose: 'sign_in' | 'connection' | 'own_grant';
  oauthAppId: string;
  /** Who started it; null for a sign-in. */
  actor: Actor | null;
  connectionId: string | null;
  /** Where to go on, a path of ours. */
  returnTo: string;
  popup: boolean;
  /** The connection may read as another account than before. */
  switchAccount?: boolean;
  /** PKCE. */
  verifier: string;
  /** Milliseconds since 1970; a consent that takes longer than ten minutes is refused. */
  startedAt: number;
}

export interface ConsentsService {
  /** Puts a state into the session and returns the URL at Atlassian to send the browser to. */
  startConnection(
    actor: Actor,
    connectionId: string,
    session: ConsentSession,
    options?: { popup?: boolean; returnTo?: string; switchAccount?: boolean },
  ): Promise<string>;
  startOwnGrant(
    actor: Actor,
    oauthAppId: string,
    session: ConsentSession,
    options?: { popup?: boolean; returnTo?: string },
  ): Promise<string>;
  /** With the oldest listed OAuth app. */
  startSignIn(session: ConsentSession, options?: { returnTo?: string }): Promise<string>;
  /** Whether anybody can sign in with Atlassian: an OAuth app is registered. */
  signInAvailable(): Promise<boolean>;
  /**
   * What may be wrong when a consent was started and nobody came back: Atlassian shows a callback mismatch on a page of
   * its own. Null when none is open.
   */
  unfinished(session: ConsentSession, connectionId: string): { code: string; message: string } | null;
  /**
   * What GET /oauth/atlassian/callback does with its query. Never throws for what Atlassian or the person did;
   * the state is used up.
   */
  finish(query: Record<string, unknown>, session: ConsentSession): Promise<ConsentResult>;
}

/** How a consent ended. `pending` is null when the state was not ours: then nothing was asked of Atlassian. */
export type ConsentResult =
  | { ok: true; pending: PendingConsent; userId: string | null; message: string }
  | { ok: false; pending: PendingConsent | null; code: string; message: string };

export interface GrantsService {
  /** An administrator's list holds everybody's; a member's his or her own. */
  list(actor: Actor): Promise<GrantView[]>;
  /** The apps for which the actor can give a consent, or gave one: those that connections crawl with. */
  offered(actor: Actor): Promise<OfferedApp[]>;
  /** One consent of the actor's own. @throws NotFound */
  get(actor: Actor, grantId: string): Promise<GrantView>;
  withdraw(actor: Actor, grantId: string): Promise<void>;
}

export interface SyncsService {
  /** @throws Conflict `sync_running` while one runs, `not_ready` before the tabs are complete */
  start(
    actor: Actor,
    connectionId: string,
    /** `settings`: those that a dry run decides by, in place of the stored ones. */
    input: { kind: SyncKind; dryRun?: boolean | undefined; settings?: Settings | undefined },
  ): Promise<RunView>;
  cancel(actor: Actor, connectionId: string): Promise<void>;
  /** Newest first; `kind`: syncs of that kind alone, or of `content`; `state`: those in it alone, or `open`. */
  list(
    actor: Actor,
    connectionId: string,
    page?: PageRequest & { kind?: string | undefined; state?: string | undefined },
  ): Promise<Page<RunView>>;
  get(actor: Actor, runId: string): Promise<ProgressView>;
  /** Calls `listener` at most once a second until the run ends; returns what stops it. One poll per run for all listeners. */
  watch(actor: Actor, runId: string, listener: (progress: ProgressView) => void): Promise<() => void>;
}

export interface AccessService {
  /**
   * The user behind a password, or null: wrong password, unknown email, no password, deactivated: all the same.
   * `address` is the client's, which is limited too. @throws TooManyAttempts
   */
  checkPassword(email: string, password: string, address?: string): Promise<Actor | null>;
  /** The set-up link's token is good and unused. */
  setupOpen(token: string): Promise<boolean>;
  /** Makes the first administrator with a set-up link, once. */
  finishSetup(token: string, input: { email: string; name?: string; password: string }): Promise<Actor>;
  /** Whom an administrator wants to search as; the audit log gets a line. Then call searchAs (session.ts). */
  findViewer(actor: Actor, email: string): Promise<{ userId: string; email: string; name: string }>;
  activeActor(userId: string, via: Actor['via']): Promise<Actor | null>;
}

export interface Services {
  choices: ChoicesService;
  confluenceAudit: ConfluenceAuditService;
  comparison: ComparisonService;
  disconnect: DisconnectService;
  dryRuns: DryRunsService;
  diagnosis: DiagnosisService;
  failures: FailuresService;
  runLog: RunLogService;
  logs: LogsService;
  overview: OverviewService;
  forecast: ForecastService;
  hidden: HiddenService;
  permissionSettings: PermissionSettingsService;
  records: RecordsService;
  removals: RemovalsService;
  scopePreview: ScopePreviewService;
  users: UsersService;
  invitations: InvitationsService;
  sessions: SessionsService;
  people: PeopleService;
  apiKeys: ApiKeysService;
  oauthApps: OAuthAppsService;
  notices: NoticesService;
  noticeTargets: NoticeTargetsService;
  connections: ConnectionsService;
  contentRules: ContentRulesService;
  consents: ConsentsService;
  grants: GrantsService;
  steering: SteeringService;
  syncs: SyncsService;
  audit: AuditService;
  access: AccessService;
}
