import { checkConnection } from '../../atlassian/checks.ts';
import type { Connection } from '../../store/schema.ts';
import type { CheckView } from '../views.ts';
import { accessOf, budgetOf, type SiteAccessDeps } from './site-access.ts';

/** "Test connection": tries what a sync needs, with the connection's own credential and within its budget. */
export function createConnectionChecks(
  deps: SiteAccessDeps,
): (connection: Connection) => Promise<CheckView[]> {
  return async (row) => {
    const found = accessOf(deps, row);
    if (found === null) {
      return [
        {
          name: 'token',
          ok: false,
          message: 'There is no credential yet. Complete the Authorize tab first.',
        },
      ];
    }
    const budget = await budgetOf(deps, row);
    try {
      return await checkConnection({ http: deps.http, budget, cloudId: row.cloud_id, ...found });
    } finally {
      await budget.flush();
    }
  };
}
