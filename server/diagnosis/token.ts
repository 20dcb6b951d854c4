import { createAccounts } from '../../atlassian/confluence/accounts.ts';
import { Unauthorized } from '../../atlassian/errors.ts';
import { unusedDays, warnDays } from '../../store/credential-notices.ts';
import type { Db } from '../../store/schema.ts';
import { failed, ok, warning, type DiagnosisCheck, type Finding } from './check.ts';
import { siteFailure, type Site } from './site.ts';

const dayMs = 86_400_000;
const day = (time: Date) => time.toISOString().slice(0, 10);

/** Whether the credential is taken, whose it is, and when it ends by itself. */
export function tokenCheck(deps: {
  db: Db;
  site: () => Promise<Site | null>;
  now: () => Date;
}): Omit<DiagnosisCheck, 'connection'> {
  return {
    name: 'token',
    title: 'Credential',
    why: 'With it the site is read. When it dies, nothing changes here any more; what is indexed stays, with its permissions.',
    async look() {
      const site = await deps.site();
      if (site === null) {
        return failed('There is no credential yet.', 'Open the connection and complete the Authorize tab.');
      }
      try {
        const { displayName, accountId } = await createAccounts(site.api).currentAccount();
        return await end(deps, site, `Atlassian takes it: it is of ${displayName || accountId}.`);
      } catch (error) {
        const told = siteFailure(error);
        if (told !== null) return told;
        if (!(error instanceof Unauthorized)) throw error;
        return failed(
          `Atlassian does not take it: ${error.message}`,
          site.auth.method === 'oauth'
            ? 'Open the connection, Authorize, and reauthenticate.'
            : 'It may have expired or been revoked, or the email is another: enter a new API token in the Authenticate tab.',
        );
      }
    },
  };
}

async function end(deps: { db: Db; now: () => Date }, { connection }: Site, told: string): Promise<Finding> {
  const now = deps.now().getTime();
  const { api_token_expires_at: entered, grant_id: grantId } = connection;
  if (connection.auth_method === 'api_token') {
    if (entered === null)
      return ok(`${told} When it ends was not entered; Atlassian ends API tokens after a year at most.`);
    const ends = `${told} It ends on ${day(entered)}.`;
    if (entered.getTime() - now > warnDays * dayMs) return ok(ends);
    return warning(ends, 'Make a new API token at Atlassian, and enter it in the Authenticate tab.');
  }
  const grant = await deps.db
    .selectFrom('grants')
    .select(['refresh_token', 'rotated_at'])
    .where('id', '=', grantId)
    .executeTakeFirst();
  if (grant !== undefined && grant.refresh_token === null) {
    return failed(
      `${told} It cannot be renewed: there is no refresh token.`,
      'Let the app ask for offline_access, and reauthenticate.',
    );
  }
  const unused = new Date((grant?.rotated_at.getTime() ?? now) + unusedDays * dayMs);
  const ends = `${told} Each sync renews it; unused it would end on ${day(unused)}.`;
  if (unused.getTime() - now > warnDays * dayMs) return ok(ends);
  return warning(ends, 'Start a sync, or reauthenticate.');
}
