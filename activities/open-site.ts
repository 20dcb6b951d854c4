import type { Kysely } from 'kysely';
import { countSpending, type Budget } from '../atlassian/budget.ts';
import { createConfluenceReader } from '../atlassian/confluence/reader.ts';
import { createGate, type Gate } from '../atlassian/gate.ts';
import type { AtlassianHttp } from '../atlassian/http.ts';
import { budgetKey, createBudget, defaultHourlyPoints, defaultRequestsPerMinute } from '../store/budget.ts';
import type { CircuitTimes } from '../store/circuits.ts';
import type { Cipher } from '../store/encryption.ts';
import { createLedger } from '../store/ledger.ts';
import { createPointsMeter, type PointsMeter } from '../store/points-meter.ts';
import type { Connection, Database } from '../store/schema.ts';
import { createCredentials } from './credentials/open.ts';
import type { ActivityDeps } from './deps.ts';
import { measureBudget } from './site-metrics.ts';

export interface SiteDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
  /** Of an OAuth app; Atlassian's default unless told. */
  hourlyPoints?: number;
  /** When an endpoint that fails is left alone, and for how long. */
  circuits?: CircuitTimes;
}

/**
 * Opens a connection's site with its credential and budget. Budgets are kept for the life of the process; connections
 * of one app share one count of points, and with one site too one bound of requests under way. Token sources are shared
 * likewise (credentials/open.ts).
 */
export function createSiteOpener(deps: SiteDeps): ActivityDeps['openSite'] {
  const { db, cipher, http } = deps;
  const credentials = createCredentials({ db, cipher, http });
  const budgets = new Map<string, Budget>();
  const meters = new Map<string, PointsMeter>();
  const gates = new Map<string, Gate>();
  const ledger = createLedger(db);

  /** API-token traffic is outside the points quota; apps share one quota over all their connections. */
  async function sharesOf(connection: Connection): Promise<{ budget: Budget; gate: Gate }> {
    const app =
      connection.oauth_app_id === null
        ? undefined
        : await db
            .selectFrom('oauth_apps')
            .select('client_id')
            .where('id', '=', connection.oauth_app_id)
            .executeTakeFirst();
    const key = app === undefined ? budgetKey.connection(connection.id) : budgetKey.app(app.client_id);
    const hourlyPoints = app === undefined ? null : (deps.hourlyPoints ?? defaultHourlyPoints);
    const { host } = new URL(connection.site_url);
    const meter = remember(meters, key, () => createPointsMeter(ledger, key, hourlyPoints));
    const gate = remember(gates, `${key} at ${host}`, () => createGate());
    const budget = remember(budgets, `${key} for ${connection.id}`, () =>
      createBudget({
        db,
        key,
        hourlyPoints,
        requestsPerMinute: defaultRequestsPerMinute,
        connectionId: connection.id,
        host,
        meter,
        ...(deps.circuits === undefined ? {} : { circuits: deps.circuits }),
      }),
    );
    return { budget, gate };
  }

  return async (connection, signal, purpose) => {
    const { budget, gate } = await sharesOf(connection);
    const metered = countSpending(measureBudget(budget, purpose), purpose);
    return {
      reader: createConfluenceReader({
        http,
        credential: credentials.open(connection),
        budget: metered,
        gate,
        signal,
      }),
      reach: () => credentials.reach(connection),
      takeSpent: metered.takeSpent,
      close: () => budget.flush(),
    };
  };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
