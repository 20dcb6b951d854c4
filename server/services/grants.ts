import { NotFound } from '../../errors.ts';
import { unusedDays, warnDays } from '../../store/credential-notices.ts';
import {
  listConsentApps,
  listOwnGrants,
  removeOwnGrant,
  unlinkUnprovenAccounts,
  type OwnGrantRow,
} from '../../store/user-grants.ts';
import { idOf } from '../paging.ts';
import type { GrantView } from '../views.ts';
import { audit } from './audit.ts';
import type { GrantsService } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetGrant } from './grant-ends.ts';

const dayMs = 86_400_000;

export function createGrantsService(deps: ServiceDeps): GrantsService {
  const { db } = deps;

  const ownGrant = async (userId: string, grantId: string) => {
    const own = await listOwnGrants(db, userId);
    const grant = own.find((row) => row.id === idOf('This consent', grantId));
    if (grant === undefined) throw new NotFound('This consent');
    return grant;
  };

  return {
    async list(actor) {
      const rows = await listOwnGrants(db, actor.role === 'administrator' ? null : actor.userId);
      return rows.map(presentGrant);
    },
    get: async (actor, grantId) => presentGrant(await ownGrant(actor.userId, grantId)),
    async offered(actor) {
      const [apps, own] = await Promise.all([
        listConsentApps(db, actor.userId),
        listOwnGrants(db, actor.userId),
      ]);
      return apps.map((app) => ({
        id: app.id,
        name: app.name,
        hosts: [...new Set(app.site_urls.map((url) => (URL.canParse(url) ? new URL(url).host : url)))],
        consents: own.filter((row) => row.app_id === app.id).map(presentGrant),
      }));
    },
    async withdraw(actor, grantId) {
      const grant = await ownGrant(actor.userId, grantId);
      await db.transaction().execute(async (tx) => {
        await removeOwnGrant(tx, { userId: actor.userId, grantId: grant.id });
        await unlinkUnprovenAccounts(tx, [actor.userId]);
        await audit(tx, actor, 'grant.withdraw', grant.app_name, { before: { accountId: grant.account_id } });
      });
      await forgetGrant(deps, grant.id);
    },
  };
}

/** When Atlassian ends a consent unless it is used before; null while that is more than two weeks ahead. */
function endOf(row: OwnGrantRow): string | null {
  const end = row.rotated_at.getTime() + unusedDays * dayMs;
  return row.state === 'active' && end - Date.now() < warnDays * dayMs ? new Date(end).toISOString() : null;
}

function presentGrant(row: OwnGrantRow): GrantView {
  return {
    id: row.id,
    user: { id: row.user_id, email: row.user_email },
    oauthApp: { id: row.app_id, name: row.app_name },
    accountId: row.account_id,
    accountName: row.account_name,
    scopes: row.scopes,
    state: row.state,
    deadCause: row.dead_cause,
    endsAt: endOf(row),
    createdAt: row.created_at.toISOString(),
  };
}
