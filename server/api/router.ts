import { Router } from 'express';
import { NotFound } from '../../errors.ts';
import type { AppParts, RouterFactory } from '../app.ts';
import { createComparisonApi } from './comparison.ts';
import { createConfluenceAuditApi } from './confluence-audit.ts';
import { createConnectionsApi } from './connections.ts';
import { createContentRulesApi } from './content-rules.ts';
import { createDiagnosisApi } from './diagnosis.ts';
import { createFailuresApi } from './failures.ts';
import { createForecastApi } from './forecast.ts';
import { createHiddenApi } from './hidden.ts';
import { createIdentitiesApi } from './identities.ts';
import { createDryRunsApi } from './dry-runs.ts';
import { createExplainApi } from './explain.ts';
import { createLogsApi } from './logs.ts';
import { createNoticeTargetsApi } from './notice-targets.ts';
import { createNoticesApi } from './notices.ts';
import { createOverviewApi } from './overview.ts';
import { createAuditApi } from './audit.ts';
import { createPeopleApi } from './people.ts';
import { createUserAccessApi } from './user-access.ts';
import { createRecordChoicesApi } from './record-choices.ts';
import { createRemovalsApi } from './removals.ts';
import { createRunLogApi } from './run-log.ts';
import { createSettingsApi } from './settings.ts';
import { createScopePreviewApi } from './scope-preview.ts';
import { createSteeringApi } from './steering.ts';
import { createSyncsApi } from './syncs.ts';

/** Everything under /api/v1: the calls of this folder, then those of `more`. */
export function apiRouter(parts: AppParts, more: RouterFactory[]): Router {
  const router = Router();
  for (const factory of [
    createConnectionsApi,
    createOverviewApi,
    createComparisonApi,
    createConfluenceAuditApi,
    createContentRulesApi,
    createFailuresApi,
    createForecastApi,
    createHiddenApi,
    createRecordChoicesApi,
    createRemovalsApi,
    createSettingsApi,
    createScopePreviewApi,
    createSteeringApi,
    createSyncsApi,
    createDryRunsApi,
    createDiagnosisApi,
    createRunLogApi,
    createLogsApi,
    createPeopleApi,
    createUserAccessApi,
    createAuditApi,
    createNoticesApi,
    createNoticeTargetsApi,
    createIdentitiesApi,
    createExplainApi,
    ...more,
  ]) {
    router.use(factory(parts));
  }
  router.use((_req, _res, next) => next(new NotFound('This call')));
  return router;
}
