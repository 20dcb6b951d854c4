import type { AuditRecord } from '../../world/types.ts';
import { isProductAdmin } from '../../world/visibility.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { Refusal } from '../route.ts';
import { startLimit } from './lists.ts';

function admin(ask: Ask): void {
  if (ask.accountId === null || !isProductAdmin(ask.context.store, ask.accountId))
    throw new Refusal(403, 'Only Confluence administrators may read audit records');
  if (ask.context.store.behaviour.auditLog?.refused === true)
    throw new Refusal(403, 'The audit log is not available on this plan');
}

/** Newest first. `from` and `until` are epoch milliseconds, both inclusive. */
function records(ask: Ask, from: number, until: number): Answer {
  const wanted = ask.query.text('searchString')?.toLowerCase();
  const { store, clock } = ask.context;
  const told = clock.now().getTime() - (store.behaviour.auditLog?.lagSeconds ?? 0) * 1000;
  const found = store
    .audit()
    .filter(
      (record) =>
        record.creationDate <= told &&
        record.creationDate >= from &&
        record.creationDate <= until &&
        (wanted === undefined || JSON.stringify(record).toLowerCase().includes(wanted)),
    )
    .toSorted((a, b) => b.creationDate - a.creationDate);
  return startLimit(ask, found, serialise, { fallback: 1000, cost: 'core' });
}

function serialise(record: AuditRecord): Record<string, unknown> {
  return {
    ...record,
    author: { type: 'user', displayName: record.author.displayName, accountId: record.author.accountId },
    sysAdmin: false,
    superAdmin: false,
  };
}

/** Epoch milliseconds, or a date as ISO 8601 writes it. */
function timeOf(ask: Ask, name: string, otherwise: number): number {
  const text = ask.query.text(name);
  if (text === undefined) return otherwise;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(time)) throw new Refusal(400, `'${text}' is not a date for '${name}'`);
  return time;
}

const UNITS: Record<string, number> = {
  NANOS: 1e-6,
  MICROS: 1e-3,
  MILLIS: 1,
  SECONDS: 1000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  HALF_DAYS: 43_200_000,
  DAYS: 86_400_000,
  WEEKS: 604_800_000,
  MONTHS: 2_629_746_000,
  YEARS: 31_556_952_000,
  DECADES: 315_569_520_000,
  CENTURIES: 3_155_695_200_000,
};

function since(ask: Ask): Answer {
  const unit = ask.query.choice('units', Object.keys(UNITS)) ?? 'MONTHS';
  const now = ask.context.clock.now().getTime();
  return records(ask, now - (ask.query.number('number') ?? 3) * UNITS[unit]!, now);
}

const base = '/wiki/rest/api/audit';
const guarded = (path: string, handle: Route['handle']): Route => ({
  method: 'get',
  path: base + path,
  scopes: ['read:audit-log:confluence'],
  handle: (ask) => {
    admin(ask);
    return handle(ask);
  },
});

export const auditRoutes: Route[] = [
  guarded('', (ask) => records(ask, timeOf(ask, 'startDate', 0), timeOf(ask, 'endDate', Infinity))),
  guarded('/since', since),
  guarded('/retention', () => ({ body: { number: 3, units: 'YEARS' } })),
];
