import type { Kysely } from 'kysely';
import { listConnections } from '../../store/connections.ts';
import { loadDatabaseFacts } from '../../store/database-facts.ts';
import { openAllSealed } from '../../store/sealed.ts';
import type { Connection, Database } from '../../store/schema.ts';
import type { SiteAccessDeps } from '../services/site-access.ts';
import { once, runChecks, skipped, type Diagnosis, type DiagnosisCheck } from './check.ts';
import { clockCheck } from './clock.ts';
import { databaseCheck } from './database.ts';
import { emailsCheck } from './emails.ts';
import { encryptionKeyCheck } from './encryption-key.ts';
import { networkCheck, probeAtlassian } from './network.ts';
import { proxyCheck } from './proxy.ts';
import { publicUrlCheck } from './public-url.ts';
import { rightsChecks } from './rights.ts';
import { schedulesCheck } from './schedules.ts';
import { scopesCheck } from './scopes.ts';
import { openSite, type Site } from './site.ts';
import { temporalCheck, type TemporalLook } from './temporal.ts';
import { tokenCheck } from './token.ts';
import { workersCheck } from './workers.ts';

/** Each check has as long; they go on side by side. */
const deadlineMs = 12_000;
/** So many connections are looked at where none is named: each costs its site eight requests. */
const mostConnections = 3;

export interface DiagnosisDeps extends SiteAccessDeps {
  temporal: TemporalLook;
  publicUrl: string;
  /** Of this process: proxy and certificates. */
  env: Record<string, string | undefined>;
  now?: () => Date;
  deadlineMs?: number;
}

export interface DiagnosisRequest {
  /** Null: the installation, and the first connections. */
  connection: Connection | null;
  /** Where whoever asks has reached us; null where that says nothing. */
  origin: string | null;
}

export type Diagnose = (request: DiagnosisRequest) => Promise<Diagnosis>;

/**
 * Looks at everything that a sync stands on, all at once, and says of each what was found, why it matters and what to do.
 * No answer holds a secret; a site is asked eight times at most.
 */
export function createDiagnosis(deps: DiagnosisDeps): Diagnose {
  const now = deps.now ?? (() => new Date());
  return async ({ connection, origin }) => {
    const all = once(() => listConnections(deps.db));
    const { chosen, left } = await choose(connection, all);
    const over = new AbortController();
    const opened: (() => Promise<void>)[] = [];
    try {
      return await runChecks(
        [
          ...installationChecks(deps, origin, all),
          ...chosen.flatMap((each) => connectionChecks(deps, each, over.signal, opened, now)),
          ...left.map(notLookedAt),
        ],
        deps.deadlineMs ?? deadlineMs,
        now(),
      );
    } finally {
      over.abort();
      await Promise.allSettled(opened.map((done) => done()));
    }
  };
}

/** Where PostgreSQL does not answer, the other checks are worth the more. */
async function choose(named: Connection | null, all: () => Promise<Connection[]>) {
  if (named !== null) return { chosen: [named], left: [] };
  const connections = (await all().catch(() => [])).filter(({ status }) => status !== 'disconnecting');
  const troubled = (each: Connection) => (['needs_reauth', 'attention'].includes(each.status) ? 0 : 1);
  const sorted = connections.toSorted((a, b) => troubled(a) - troubled(b));
  return { chosen: sorted.slice(0, mostConnections), left: sorted.slice(mostConnections) };
}

export interface InstallationDeps extends Pick<
  DiagnosisDeps,
  'db' | 'cipher' | 'http' | 'temporal' | 'publicUrl' | 'env'
> {
  db: Kysely<Database>;
}

/** What is the same for all connections. */
export function installationChecks(
  deps: InstallationDeps,
  origin: string | null,
  connections: () => Promise<readonly Connection[]>,
): DiagnosisCheck[] {
  const facts = once(() => loadDatabaseFacts(deps.db));
  const probe = once(() => probeAtlassian(deps.http));
  const temporal = once(deps.temporal);
  return [
    databaseCheck({ db: deps.db, facts }),
    encryptionKeyCheck(() => openAllSealed(deps.db, deps.cipher)),
    temporalCheck(temporal),
    workersCheck(temporal),
    schedulesCheck(temporal, connections),
    networkCheck(probe),
    proxyCheck(deps.env),
    clockCheck({ probe, facts }),
    publicUrlCheck(deps.publicUrl, origin),
  ];
}

function connectionChecks(
  deps: DiagnosisDeps,
  row: Connection,
  signal: AbortSignal,
  opened: (() => Promise<void>)[],
  now: () => Date,
): DiagnosisCheck[] {
  const site = once(async (): Promise<Site | null> => {
    const found = await openSite(deps, row, signal);
    if (found !== null) opened.push(found.done);
    return found?.site ?? null;
  });
  const connection = { id: row.id, name: row.name };
  return [
    tokenCheck({ db: deps.db, site, now }),
    scopesCheck(site),
    ...rightsChecks(site),
    emailsCheck(deps.db, row.id),
  ].map((check) => ({ ...check, connection }));
}

function notLookedAt({ id, name }: Connection): DiagnosisCheck {
  return {
    name: 'token',
    title: 'Credential',
    why: 'With it the site is read.',
    connection: { id, name },
    look: async () => skipped('Not looked at, to spare requests: choose this connection to look at it.'),
  };
}
