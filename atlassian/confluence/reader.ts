import { createApi, type ApiDeps } from '../api.ts';
import { createAccess } from './access.ts';
import { createAccounts } from './accounts.ts';
import { createAttachments } from './attachments.ts';
import { createAudit } from './audit.ts';
import { createComments } from './comments.ts';
import { createContainers } from './containers.ts';
import { createFiles } from './files.ts';
import { createGroups } from './groups.ts';
import { createListing } from './listing.ts';
import { createPages } from './pages.ts';
import { createPermissionCheck } from './permission-check.ts';
import { createPeople } from './people.ts';
import { createSpaces } from './spaces.ts';
import type { ConfluenceReader } from './types.ts';
import { createVersions } from './versions.ts';

/**
 * Batch readers of one Confluence site with one credential and budget. Keep one for a run: it watches the cursors of
 * its listings for loops. Errors are those of atlassian/errors.ts and atlassian/token-source.ts.
 */
export function createConfluenceReader(deps: ApiDeps): ConfluenceReader {
  const api = createApi(deps);
  const listing = createListing(api);
  return {
    ...createPages(listing),
    ...createComments(listing),
    ...createAttachments(listing),
    ...createFiles(api, deps),
    ...createAccess(api, listing),
    ...createContainers(api),
    ...createVersions(listing),
    ...createSpaces(api, listing),
    ...createGroups(api),
    ...createAccounts(api),
    ...createPeople(api, listing),
    ...createAudit(api),
    ...createPermissionCheck(api),
  };
}
