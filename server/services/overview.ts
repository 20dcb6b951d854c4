import type { Kysely } from 'kysely';
import { loadOverviewFigures, type OverviewFigures } from '../../store/overview.ts';
import type { Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import type { ConnectionView } from '../views.ts';
import type { ConnectionsService } from './contracts.ts';
import { createSharedReading } from './shared-reading.ts';

/** A connection with the figures that tell how it does. Times are ISO 8601 in UTC. */
export interface OverviewEntryView {
  connection: ConnectionView;
  /** Indexed records, and the same by kind, most first. */
  records: number;
  kinds: { kind: string; records: number }[];
  failures: number;
  contentReadAt: string | null;
  /** What was sent and spent since the full hour. */
  hour: { requests: number; points: number };
  /** Of the app, by all its connections; null where no quota counts. */
  quota: { points: number; limit: number } | null;
  people: { accounts: number; matched: number };
}

export interface OverviewView {
  at: string;
  totals: {
    connections: number;
    /** Connections that somebody must do something about. */
    needing: number;
    syncing: number;
    records: number;
    failures: number;
    requests: number;
    points: number;
    people: { accounts: number; matched: number };
  };
  /** What needs somebody first. */
  items: OverviewEntryView[];
}

/** All connections at a glance; for administrators. */
export interface OverviewService {
  read(actor: Actor): Promise<OverviewView>;
  /** Tells the listener every few seconds until it is stopped; however many listen, it is read once. */
  watch(actor: Actor, listener: (overview: OverviewView) => void): () => void;
}

export function createOverviewService(deps: {
  db: Kysely<Database>;
  connections: Pick<ConnectionsService, 'list'>;
  /** Between two readings for those who watch. */
  everyMs?: number;
  onError?: (error: unknown) => void;
}): OverviewService {
  const { db, connections, everyMs = 5_000, onError = () => {} } = deps;
  // What is read is the same for every administrator, so whoever came first is asked for.
  let asker: Actor | null = null;
  const read = async (actor: Actor): Promise<OverviewView> => {
    const [views, figures] = await Promise.all([connections.list(actor), loadOverviewFigures(db)]);
    return overviewOf(views, figures, new Date());
  };
  const shared = createSharedReading(
    async () => {
      if (asker === null) throw new Error('Nobody watches.');
      return read(asker);
    },
    { everyMs, onError },
  );
  return {
    async read(actor) {
      requireAdministrator(actor);
      return read(actor);
    },
    watch(actor, listener) {
      requireAdministrator(actor);
      asker = actor;
      return shared.listen(listener);
    },
  };
}

/** Of a connection that was made between two statements. */
const nothing: Omit<OverviewFigures, 'connectionId'> = {
  kinds: [],
  failures: 0,
  contentReadAt: null,
  hour: { requests: 0, points: 0 },
  quota: null,
  people: { accounts: 0, matched: 0 },
};

export function overviewOf(
  connections: readonly ConnectionView[],
  figures: readonly OverviewFigures[],
  now: Date,
): OverviewView {
  const known = new Map(figures.map((each) => [each.connectionId, each]));
  const items = connections
    .map((connection): OverviewEntryView => {
      const { kinds, failures, contentReadAt, hour, quota, people } = known.get(connection.id) ?? nothing;
      return {
        connection,
        records: kinds.reduce((sum, { records }) => sum + records, 0),
        kinds,
        failures,
        contentReadAt: contentReadAt?.toISOString() ?? null,
        hour,
        quota,
        people,
      };
    })
    .toSorted((a, b) => urgency(a) - urgency(b) || a.connection.name.localeCompare(b.connection.name, 'en'));
  const sum = (of: (item: OverviewEntryView) => number) => items.reduce((total, item) => total + of(item), 0);
  return {
    at: now.toISOString(),
    totals: {
      connections: items.length,
      needing: items.filter(({ connection }) => needsSomebody(connection)).length,
      syncing: items.filter(({ connection }) => connection.currentRun !== null).length,
      records: sum((item) => item.records),
      failures: sum((item) => item.failures),
      requests: sum((item) => item.hour.requests),
      points: sum((item) => item.hour.points),
      people: { accounts: sum((item) => item.people.accounts), matched: sum((item) => item.people.matched) },
    },
    items,
  };
}

/** Nothing goes on, or goes wrong, until somebody has done something. */
export function needsSomebody(connection: ConnectionView): boolean {
  const { status, configuredAt, lastRun, permissions } = connection;
  if (['needs_reauth', 'attention', 'draft', 'paused'].includes(status)) return true;
  if (status === 'disabled' || status === 'disconnecting') return false;
  return configuredAt === null || lastRun?.state === 'failed' || permissions.trouble !== null;
}

/** The lower, the sooner somebody should look. */
function urgency({ connection, failures }: OverviewEntryView): number {
  const { status, configuredAt, lastRun, permissions } = connection;
  if (status === 'needs_reauth') return 0;
  if (status === 'attention') return 1;
  if (status === 'disabled' || status === 'disconnecting') return 9;
  if (status !== 'draft' && permissions.trouble !== null) return 2;
  if (lastRun?.state === 'failed') return 3;
  if (status === 'draft' || configuredAt === null) return 4;
  if (status === 'paused') return 5;
  return failures > 0 ? 6 : 7;
}
