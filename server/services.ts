import { createAttempts } from './attempts.ts';
import { createAccessService } from './services/access.ts';
import { createApiKeysService } from './services/api-keys.ts';
import { createAuditService } from './services/audit.ts';
import { createChoicesService } from './services/choices.ts';
import { createComparisonService } from './services/comparison.ts';
import { createConfluenceAuditService } from './services/confluence-audit.ts';
import { createConnectionsService } from './services/connections.ts';
import { createContentRulesService } from './services/content-rules.ts';
import { createConsentsService } from './services/consents.ts';
import type { Services } from './services/contracts.ts';
import type { ServiceDeps } from './services/deps.ts';
import { createDiagnosisService } from './services/diagnosis.ts';
import { createDryRunsService } from './services/dry-runs.ts';
import { createDisconnectService } from './services/disconnect.ts';
import { createFailuresService } from './services/failures.ts';
import { createForecastService } from './services/forecast.ts';
import { forgetGrant } from './services/grant-ends.ts';
import { createGrantsService } from './services/grants.ts';
import { createHiddenService } from './services/hidden.ts';
import { createInvitationsService } from './services/invitations.ts';
import { createLogsService } from './services/logs.ts';
import { createNoticeTargetsService } from './services/notice-targets.ts';
import { createNoticesService } from './services/notices.ts';
import { createOAuthAppsService } from './services/oauth-apps.ts';
import { createOverviewService } from './services/overview.ts';
import { createPermissionSettingsService } from './services/permission-settings.ts';
import { createRecordsService } from './services/records/service.ts';
import { createRemovalsService } from './services/removals.ts';
import { createScopePreviewService } from './services/scope-preview.ts';
import { createSessionsService } from './services/sessions.ts';
import { createSteeringService } from './services/steering.ts';
import { createRunLogService } from './services/run-log.ts';
import { createSyncsService } from './services/syncs.ts';
import { createPeopleService } from './services/people/service.ts';
import { createUsersService } from './services/users.ts';

export type { Services } from './services/contracts.ts';
export type { ServiceDeps } from './services/deps.ts';

/** Everything that the API and the pages may do, over one database and one engine. */
export function createServices(deps: ServiceDeps & { pollMs?: number; clock?: () => number }): Services {
  const syncs = createSyncsService(deps);
  const connections = createConnectionsService({ ...deps, syncs });
  const users = createUsersService({ ...deps, forgetGrant: (id) => forgetGrant(deps, id) });
  const failures = createFailuresService({ db: deps.db, syncs });
  return {
    choices: createChoicesService(deps),
    confluenceAudit: createConfluenceAuditService(deps),
    comparison: createComparisonService({ db: deps.db, syncs }),
    failures,
    records: createRecordsService({ ...deps, syncs, failures }),
    runLog: createRunLogService(deps),
    logs: createLogsService(deps),
    overview: createOverviewService({
      db: deps.db,
      connections,
      ...(deps.pollMs === undefined ? {} : { everyMs: deps.pollMs }),
      onError: (error) =>
        deps.log.warn({ err: error }, 'The overview could not be read for those who watch.'),
    }),
    hidden: createHiddenService(deps),
    invitations: createInvitationsService(deps),
    sessions: createSessionsService(deps),
    removals: createRemovalsService({ db: deps.db, syncs }),
    users,
    people: createPeopleService({ db: deps.db, users, log: deps.log }),
    apiKeys: createApiKeysService(deps),
    oauthApps: createOAuthAppsService(deps),
    notices: createNoticesService(deps),
    noticeTargets: createNoticeTargetsService({ ...deps, post: deps.noticePost }),
    connections,
    disconnect: createDisconnectService(deps),
    dryRuns: createDryRunsService(deps),
    diagnosis: createDiagnosisService(deps),
    steering: createSteeringService({ db: deps.db, engine: deps.engine, log: deps.log, connections }),
    contentRules: createContentRulesService(deps),
    consents: createConsentsService(deps),
    forecast: createForecastService(deps),
    grants: createGrantsService(deps),
    scopePreview: createScopePreviewService(deps),
    syncs,
    audit: createAuditService(deps),
    permissionSettings: createPermissionSettingsService(deps),
    access: createAccessService({ db: deps.db, attempts: createAttempts() }),
  };
}
