import type { Kysely } from 'kysely';
import type pg from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { defaultHourlyPoints } from '../store/budget.ts';
import type { Database } from '../store/schema.ts';
import { loadStateFigures, type ConnectionFigures, type StateFigures } from '../store/state-figures.ts';
import type { QueueFigures } from '../temporal/queue-figures.ts';
import { registerGauges, type ReadGauge } from './gauges.ts';

const perConnection = (
  name: string,
  help: string,
  valueOf: (connection: ConnectionFigures) => number | null,
): ReadGauge<StateFigures> => ({
  name,
  help,
  labelNames: ['connection'],
  values: ({ connections }) =>
    connections.map((each) => ({ labels: { connection: each.id }, value: valueOf(each) })),
});

const single = (
  name: string,
  help: string,
  valueOf: (figures: StateFigures) => number,
): ReadGauge<StateFigures> => ({ name, help, values: (figures) => [{ value: valueOf(figures) }] });

const gauges: ReadGauge<StateFigures>[] = [
  {
    name: 'sluice_connection_info',
    help: '1 for each connection, with its name, product and status',
    labelNames: ['connection', 'name', 'product', 'status'],
    values: ({ connections }) =>
      connections.map(({ id, name, product, status }) => ({
        labels: { connection: id, name, product, status },
        value: 1,
      })),
  },
  perConnection(
    'sluice_content_age_seconds',
    'Time since the last run that brought content up to date ended',
    ({ contentAge }) => contentAge,
  ),
  perConnection(
    'sluice_content_interval_seconds',
    'Time between two runs of the schedule, where it is an interval',
    ({ contentInterval }) => contentInterval,
  ),
  perConnection(
    'sluice_permission_age_seconds',
    'Time since what decides about access and was read longest ago was read',
    ({ permissionAge }) => permissionAge,
  ),
  perConnection(
    'sluice_permission_promise_seconds',
    'Time within which a change of access at Atlassian is promised to count here',
    ({ permissionPromise }) => permissionPromise,
  ),
  perConnection(
    'sluice_failed_items',
    'Items that failed and are to be tried again',
    ({ failures }) => failures,
  ),
  {
    name: 'sluice_open_runs',
    help: 'Runs that have not ended, by kind and state',
    labelNames: ['kind', 'state'],
    values: ({ openRuns }) =>
      openRuns.map(({ kind, state, count }) => ({ labels: { kind, state }, value: count })),
  },
  single('sluice_longest_wait_seconds', 'Time until the last of the waiting runs goes on', ({ openRuns }) =>
    Math.max(0, ...openRuns.map(({ longestWait }) => longestWait)),
  ),
  {
    name: 'sluice_open_notices',
    help: 'Notices to administrators that hold, by code and severity',
    labelNames: ['code', 'severity'],
    values: ({ notices }) =>
      notices.map(({ code, severity, count }) => ({ labels: { code, severity }, value: count })),
  },
  {
    name: 'sluice_notice_deliveries',
    help: 'Notices that are still to be posted, or were given up',
    labelNames: ['state'],
    values: ({ deliveries }) => deliveries.map(({ state, count }) => ({ labels: { state }, value: count })),
  },
  {
    name: 'sluice_app_requests',
    help: 'Requests of an OAuth app in the present hour, over all workers',
    labelNames: ['app'],
    values: ({ apps }) => apps.map(({ app, requests }) => ({ labels: { app }, value: requests })),
  },
  {
    name: 'sluice_app_points',
    help: "Points of Atlassian's quota that an OAuth app has spent in the present hour, over all workers",
    labelNames: ['app'],
    values: ({ apps }) => apps.map(({ app, points }) => ({ labels: { app }, value: points })),
  },
  single(
    'sluice_app_points_quota',
    'Points that an OAuth app may spend in an hour',
    () => defaultHourlyPoints,
  ),
  single(
    'sluice_blocking_limits',
    'Limits of Atlassian that keep requests back now',
    ({ limits }) => limits.blocking,
  ),
  single(
    'sluice_failing_endpoints',
    'Endpoints of Atlassian that fail and are left alone',
    ({ limits }) => limits.failing,
  ),
  single('sluice_records', 'Records that are stored, as PostgreSQL estimates', ({ records }) => records),
];

/** What the database, its pool and the engine say of the installation, read when the metrics are asked for. */
export function registerStateMetrics(
  registry: Registry,
  deps: { db: Kysely<Database>; pool: pg.Pool; queue: () => Promise<QueueFigures> },
): void {
  const { db, pool } = deps;
  // First: a scrape's own questions would count as waiting.
  registry.registerMetric(
    new Gauge({
      name: 'sluice_database_connections',
      help: "Connections of this process's pool; waiting: requests for one",
      labelNames: ['state'],
      registers: [],
      collect() {
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    }),
  );
  registerGauges(registry, {
    up: { name: 'sluice_database_up', help: '1 where PostgreSQL answers this process' },
    read: () => loadStateFigures(db),
    gauges,
  });
  registerGauges(registry, {
    up: { name: 'sluice_temporal_up', help: '1 where Temporal answers this process' },
    read: deps.queue,
    gauges: [
      {
        name: 'sluice_task_queue_backlog',
        help: 'Tasks that wait for a worker, as Temporal estimates',
        labelNames: ['type'],
        values: (queue) => queue.map(({ type, backlog }) => ({ labels: { type }, value: backlog })),
      },
      {
        name: 'sluice_task_queue_pollers',
        help: 'Workers that took tasks in the last minutes',
        labelNames: ['type'],
        values: (queue) => queue.map(({ type, pollers }) => ({ labels: { type }, value: pollers })),
      },
    ],
  });
}
