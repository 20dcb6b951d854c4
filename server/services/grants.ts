import { NotFound } from '../../errors.ts';
import { connectionsOfApps, listOAuthApps } from '../../store/oauth-apps.ts';
import { listOwnGrants, removeOwnGrant, unlinkUnprovenAccounts } from '../../store/user-grants.ts';
import { idOf } from '../paging.ts';
import { audit } from './audit.ts';
import type { GrantsService } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetGrant } from './grant-ends.ts';

export function createGrantsService(deps: ServiceDeps): GrantsService {
  const { db } = deps;
  return {
    async list(actor) {
      const rows = await listOwnGrants(db, actor.role === 'administrator' ? null : actor.userId);
      return rows.map((row) => ({
        id: row.id,
        user: { id: row.user_id, email: row.user_email },
        oauthApp: { id: row.app_id, name: row.app_name },
        accountId: row.account_id,
        accountName: row.account_name,
        scopes: row.scopes,
        state: row.state,
        deadCause: row.dead_cause,
        createdAt: row.created_at.toISOString(),
      }));
    },
    async offered(actor) {
      const apps = await listOAuthApps(db);
      const [used, own] = await Promise.all([
        connectionsOfApps(
          db,
          apps.map((app) => app.id),
        ),
        listOwnGrants(db, actor.userId),
      ]);
      const granted = new Set(own.filter((row) => row.state === 'active').map((row) => row.app_id));
      return apps
        .filter((app) => used.has(app.id) || granted.has(app.id))
        .map((app) => ({ id: app.id, name: app.name, granted: granted.has(app.id) }));
    },
    async withdraw(actor, grantId) {
      const own = await listOwnGrants(db, actor.userId);
      const grant = own.find((row) => row.id === idOf('This consent', grantId));
      if (grant === undefined) throw new NotFound('This consent');
      await db.transaction().execute(async (tx) => {
        await removeOwnGrant(tx, { userId: actor.userId, grantId: grant.id });
        await unlinkUnprovenAccounts(tx, [actor.userId]);
        await audit(tx, actor, 'grant.withdraw', grant.app_name, { before: { accountId: grant.account_id } });
      });
      await forgetGrant(deps, grant.id);
    },
  };
}
