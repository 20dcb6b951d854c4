import type { Request } from 'express';
import { createAssets } from '../../web/assets.ts';
import { renderPage } from '../../web/layout.ts';
import { errorScreen } from '../../web/screens/error.ts';
import type { PageError, RouterFactory } from '../app.ts';
import { loadBanner } from './banner.ts';
import { auditPages } from './audit.ts';
import { authenticatePages } from './authenticate.ts';
import { comparedPages } from './compared.ts';
import { confluenceAuditPages } from './confluence-audit.ts';
import { connectionPermissionPages } from './connection-permissions.ts';
import { configurePages } from './configure.ts';
import { connectAccountPages } from './connect-account.ts';
import { connectionPages } from './connections.ts';
import { contentPages } from './content.ts';
import { diagnosisPages } from './diagnosis.ts';
import { disconnectPages } from './disconnect.ts';
import { dryRunPages } from './dry-runs.ts';
import { explainPages } from './explain.ts';
import { failurePages } from './failures.ts';
import { forecastPages } from './forecast.ts';
import { hiddenPages } from './hidden.ts';
import { invitationPages } from './invitations.ts';
import { logPages } from './logs.ts';
import { noticeTargetPages } from './notice-targets.ts';
import { overviewPages } from './overview.ts';
import { pageContext } from './page.ts';
import { peopleImportPages } from './people-import.ts';
import { peoplePages } from './people.ts';
import { profilePages } from './profile.ts';
import { recordChoicePages } from './record-choices.ts';
import { recordListPages } from './record-list.ts';
import { recordTreePages } from './record-tree.ts';
import { recordPages } from './records.ts';
import { removalPages } from './removals.ts';
import { runPages } from './runs.ts';
import { scopePreviewPages } from './scope-preview.ts';
import { searchPages } from './search.ts';
import { setUpPages } from './set-up.ts';
import { settingsPages } from './settings.ts';
import { signInPages } from './sign-in.ts';
import { userPage } from './user.ts';
import { userPages } from './users.ts';

/** What `createApp` takes of the pages: `createApp({ …, ...createPages() })`. */
export interface Pages {
  pages: RouterFactory[];
  errorPage: (error: PageError, req: Request) => string;
}

/**
 * All screens. `now` is the clock that ages are told by; the default is the machine's. `browserUrl` says where a browser
 * finds an address of Atlassian's: itself, unless a simulated site stands in for it.
 */
export function createPages(options: { now?: () => Date; browserUrl?: (url: string) => string } = {}): Pages {
  const assets = createAssets();
  const now = options.now ?? (() => new Date());
  // What is stored as an address may be none; the templates decide what becomes a link.
  const browserUrl = (url: string) => (URL.canParse(url) ? (options.browserUrl?.(url) ?? url) : url);
  const routers = [
    signInPages,
    invitationPages,
    searchPages,
    recordPages,
    recordTreePages,
    recordListPages,
    recordChoicePages,
    explainPages,
    authenticatePages,
    disconnectPages,
    setUpPages,
    configurePages,
    scopePreviewPages,
    overviewPages,
    logPages,
    connectionPages,
    connectionPermissionPages,
    comparedPages,
    confluenceAuditPages,
    contentPages,
    failurePages,
    forecastPages,
    hiddenPages,
    runPages,
    dryRunPages,
    removalPages,
    settingsPages,
    diagnosisPages,
    auditPages,
    noticeTargetPages,
    userPages,
    userPage,
    profilePages,
    connectAccountPages,
    peopleImportPages,
    peoplePages,
  ];
  return {
    pages: [
      () => assets.router,
      loadBanner,
      ...routers.map(
        (router): RouterFactory =>
          (parts) =>
            router({ ...parts, assets, now, browserUrl }),
      ),
    ],
    errorPage: (error, req) => renderPage(pageContext({ assets, now }, req), errorScreen(error)),
  };
}
