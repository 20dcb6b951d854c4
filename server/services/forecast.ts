import type { Kysely } from 'kysely';
import { Conflict } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import {
  loadPastRuns,
  loadQuota,
  loadSiteSize,
  type PastRuns,
  type QuotaNow,
  type SiteSize,
} from '../../store/forecast.ts';
import { usualPermissionMinutes } from '../../store/permission-overview.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import { findOpenRun } from '../../store/runs-read.ts';
import type { Connection, Database, SyncKind } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { kindsRead } from '../../scope/kinds.ts';
import { existingConnection } from './connection-rows.ts';
import {
  durationOf,
  fullCost,
  idleCost,
  permissionsCost,
  sweepCost,
  withinShare,
  type SyncCost,
} from './forecast-cost.ts';

/** What a forecast is reckoned from. */
export type ForecastBasis = 'past_runs' | 'stored' | 'counted' | 'unknown';

export interface QuotaView {
  limit: number;
  /** By all connections of the app in the present hour. */
  used: number;
  /** By this connection. */
  own: number;
  /** Connections of the app with a sync under way, this one included. */
  sharing: number;
  refillsAt: string;
}

/** What a sync would cost. Figures are null where nothing tells them. */
export interface ForecastView {
  kind: SyncKind;
  requests: number | null;
  /** Of an API token no quota counts them. */
  points: number | null;
  minutes: number | null;
  /** How often it would wait for the points of the next hour. */
  waits: number;
  basis: ForecastBasis;
  /** Past runs that were looked at. */
  runs: number;
  /** Pages and blog posts that are expected; null where nothing tells. */
  pages: number | null;
  /** Why it cannot be started now; null where it can. */
  obstacle: string | null;
}

export interface ForecastService {
  /** @throws NotFound; Conflict `not_ready` before the connection is authorized */
  forecast(
    actor: Actor,
    connectionId: string,
    kind: SyncKind,
  ): Promise<ForecastView & { quota: QuotaView | null }>;
  /** All kinds at once. */
  all(actor: Actor, connectionId: string): Promise<{ items: ForecastView[]; quota: QuotaView | null }>;
}

export const syncKinds: readonly SyncKind[] = ['incremental', 'full', 'permissions', 'sweep'];

/** Until a pace has been measured: Confluence takes about a second for a page of a listing, and four are asked at once. */
export const usualRequestsPerSecond = 4;
/** A sweep by hand has the share of an hour. */
const sweepMinutes = 60;
/** The site is not counted anew for each look at the page. */
const countsKeptMs = 10 * 60_000;
const mostCounts = 200;

export function createForecastService(deps: {
  db: Kysely<Database>;
  log: Logger;
  /** Asks the site how much there is; without it a first sync is not foretold. */
  countSite?: ((connection: Connection) => Promise<SiteSize>) | undefined;
  now?: () => Date;
}): ForecastService {
  const { db, log } = deps;
  const now = deps.now ?? (() => new Date());
  const counted = new Map<string, { at: number; size: SiteSize | null }>();

  /** null where the site does not tell. */
  async function countedSize(connection: Connection): Promise<SiteSize | null> {
    // Other filters are another count.
    const name = `${connection.id} ${connection.settings_version}`;
    const known = counted.get(name);
    if (known !== undefined && now().getTime() - known.at < countsKeptMs) return known.size;
    const size =
      (await deps.countSite?.(connection).catch((error: unknown) => {
        log.info({ connection: connection.id, err: error }, 'A site could not be counted for a forecast.');
        return null;
      })) ?? null;
    if (counted.size >= mostCounts) counted.clear();
    counted.set(name, { at: now().getTime(), size });
    return size;
  }

  async function scene(connectionId: string): Promise<Scenery> {
    const connection = await existingConnection(db, connectionId);
    if (connection.status === 'draft') {
      const message = `"${connection.name}" is not authorized yet. Complete the Authorize tab first.`;
      throw new Conflict('not_ready', message);
    }
    const whole = await hasWholeReading(db, connection.id);
    const all = whole ? await loadSiteSize(db, connection.id) : await countedSize(connection);
    const size = all === null ? null : sizeRead(all, connection.settings);
    const [quota, content, permissions] = await Promise.all([
      loadQuota(db, connection),
      findOpenRun(db, connection.id, false),
      findOpenRun(db, connection.id, true),
    ]);
    return { connection, whole, size, quota, open: { content, permissions } };
  }

  async function one(at: Scenery, kind: SyncKind): Promise<ForecastView> {
    const { connection, size, quota } = at;
    const past = await loadPastRuns(db, connection.id, kind);
    const found = costOf(kind, past, at);
    const pace = {
      requestsPerSecond: past?.requestsPerSecond ?? usualRequestsPerSecond,
      requestsPerMinute: connection.settings.sync?.requestsPerMinute ?? null,
      quota,
    };
    const told = found === null ? null : durationOf(found.cost, pace, now());
    return {
      kind,
      requests: found === null ? null : Math.ceil(found.cost.requests),
      points: found === null ? null : Math.ceil(found.cost.points),
      minutes: told?.minutes ?? null,
      waits: told?.waits ?? 0,
      basis: found?.basis ?? 'unknown',
      runs: past?.runs ?? 0,
      pages: size === null ? null : size.pages + size.blogposts,
      obstacle: obstacleOf(at, kind),
    };
  }

  return {
    async forecast(actor, connectionId, kind) {
      requireAdministrator(actor);
      const at = await scene(connectionId);
      return { ...(await one(at, kind)), quota: presentQuota(at.quota, now()) };
    },
    async all(actor, connectionId) {
      requireAdministrator(actor);
      const at = await scene(connectionId);
      const items: ForecastView[] = [];
      for (const kind of syncKinds) items.push(await one(at, kind));
      return { items, quota: presentQuota(at.quota, now()) };
    },
  };
}

/** Without the kinds that are not asked for. Of what single rules leave out, the listings cost the same. */
function sizeRead(size: SiteSize, settings: Connection['settings']): SiteSize {
  const reads = kindsRead(settings);
  return {
    ...size,
    pages: reads.page ? size.pages : 0,
    containers: reads.page ? size.containers : 0,
    blogposts: reads.blogpost ? size.blogposts : 0,
    comments: reads.comment ? size.comments : 0,
    attachments: reads.attachment ? size.attachments : 0,
  };
}

function costOf(
  kind: SyncKind,
  past: PastRuns | null,
  { connection, size, whole, quota }: Scenery,
): { cost: SyncCost; basis: ForecastBasis } | null {
  if (past !== null && past.requests > 0) {
    // A full sync grows with the site; what the others read is bounded, or follows the news.
    const now = size === null ? 0 : size.pages + size.blogposts + size.comments + size.attachments;
    const growth = kind === 'full' && past.seen > 0 && now > 0 ? now / past.seen : 1;
    return { cost: { requests: past.requests * growth, points: past.points * growth }, basis: 'past_runs' };
  }
  if (size === null) return null;
  const basis = whole ? 'stored' : 'counted';
  const permissionMinutes = connection.settings.permissions?.intervalMinutes ?? usualPermissionMinutes;
  const usable = quota?.usable ?? null;
  const costs: Record<SyncKind, () => SyncCost> = {
    full: () => fullCost(size),
    incremental: () => idleCost,
    permissions: () => withinShare(permissionsCost(size), 'permissions', permissionMinutes, usable),
    sweep: () => withinShare(sweepCost(size), 'sweep', sweepMinutes, usable),
  };
  return { cost: costs[kind](), basis };
}

function obstacleOf({ connection, whole, open }: Scenery, kind: SyncKind): string | null {
  if (connection.status === 'disabled') return 'The connection is disabled. Enable it first.';
  if (connection.status === 'disconnecting') return 'The connection is being deleted.';
  if (connection.status === 'needs_reauth') return 'The connection must be authorized again first.';
  if (kind === 'permissions') {
    return open.permissions === undefined ? null : 'A permission sync is under way.';
  }
  if (connection.status === 'paused') return 'The connection is paused. Resume it first.';
  if (open.content !== undefined) return 'A sync is under way. Wait for it, or stop it.';
  return kind === 'full' || whole ? null : 'A full sync must succeed first.';
}

interface Scenery {
  connection: Connection;
  whole: boolean;
  size: SiteSize | null;
  quota: QuotaNow | null;
  open: { content: unknown; permissions: unknown };
}

export function presentQuota(quota: QuotaNow | null, now: Date): QuotaView | null {
  if (quota === null) return null;
  const hour = 3_600_000;
  const refillsAt = new Date((Math.floor(now.getTime() / hour) + 1) * hour).toISOString();
  const { limit, used, own, sharing } = quota;
  return { limit, used, own, sharing, refillsAt };
}
