import type { Cost } from '../atlassian/budget.ts';
import type { NearLimit } from '../atlassian/retry.ts';
import type { Ledger } from './ledger.ts';

const writeEveryMs = 1_000;
const writeEveryRequests = 20;
const hourMs = 3_600_000;
/** What is older is of no use: runs keep their own figures. */
const keptDays = 90;

/**
 * What one app, or one token, spends in this process: written to the ledger in batches, for the app and for each
 * connection. All connections of the app share one.
 */
export interface PointsMeter {
  readonly budget: string;
  /** Start of the present hour by Atlassian's clock, and how far into it we are; milliseconds. */
  hour(): number;
  intoHour(): number;
  /** Points of the hour, as far as this process knows: all workers' that are written, and its own that are not. */
  spent(hour: number): number;
  unwrittenOf(connectionId: string | null, hour: number): number;
  /** What a look at the ledger, or Atlassian itself, told. */
  learn(hour: number, points: number): void;
  charge(connectionId: string | null, cost: Cost & { serverTime?: Date; near?: NearLimit | null }): void;
  flush(): Promise<void>;
}

export function createPointsMeter(ledger: Ledger, budget: string, hourlyPoints: number | null): PointsMeter {
  /** Atlassian's clock less ours, as its last answer told. */
  let ahead = 0;
  let known = { hour: 0, points: 0 };
  /** By hour and ledger row. */
  let unwritten = new Map<number, Map<string, Cost>>();
  let requests = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let forgotten = 0;

  const theirNow = () => Date.now() + ahead;
  const hour = () => Math.floor(theirNow() / hourMs) * hourMs;
  const rowOf = (connectionId: string | null) =>
    connectionId === null ? budget : `connection:${connectionId}`;
  const pending = (at: number, row: string) => unwritten.get(at)?.get(row)?.points ?? 0;

  function add(at: number, row: string, cost: Cost): void {
    const rows = unwritten.get(at) ?? new Map<string, Cost>();
    unwritten.set(at, rows);
    const sum = rows.get(row) ?? { requests: 0, points: 0 };
    rows.set(row, { requests: sum.requests + cost.requests, points: sum.points + cost.points });
  }

  async function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    requests = 0;
    const batch = unwritten;
    unwritten = new Map();
    const hours = [...batch];
    while (hours.length > 0) {
      const [at, rows] = hours[0] as (typeof hours)[number];
      try {
        const spent = [...rows].map(([row, cost]) => ({ budget: row, ...cost }));
        const points = await ledger.book(new Date(at), budget, spent);
        if (known.hour === at) known = { hour: at, points: Math.max(known.points, points) };
      } catch (error) {
        // It stays booked here, and is written with the next.
        for (const [each, costs] of hours) for (const [row, cost] of costs) add(each, row, cost);
        throw error;
      }
      hours.shift();
      await forgetOld([...rows.keys()], at);
    }
  }

  /** Once a day, where something is written anyway. */
  async function forgetOld(rows: string[], at: number): Promise<void> {
    if (at - forgotten < 24 * hourMs) return;
    forgotten = at;
    await ledger.forget(rows, new Date(at - keptDays * 24 * hourMs));
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => {}).then(write);
    return writing;
  }

  function learn(at: number, points: number): void {
    known = { hour: at, points: known.hour === at ? Math.max(known.points, points) : points };
  }

  return {
    budget,
    hour,
    intoHour: () => theirNow() - hour(),
    spent: (at) => (known.hour === at ? known.points : 0) + pending(at, budget),
    unwrittenOf: (connectionId, at) => pending(at, rowOf(connectionId)),
    learn,
    charge(connectionId, { serverTime, near, ...cost }) {
      if (serverTime !== undefined) ahead = serverTime.getTime() - Date.now();
      const at = hour();
      add(at, budget, cost);
      if (rowOf(connectionId) !== budget) add(at, rowOf(connectionId), cost);
      // Atlassian counts for itself, and others may use the app as well: the larger figure is believed.
      if (hourlyPoints !== null && near?.quota === true && near.scope === 'app' && near.limit !== null) {
        const theirs = hourlyPoints - (near.remaining * hourlyPoints) / Math.max(near.limit, 1);
        learn(at, theirs - pending(at, budget));
      }
      requests += cost.requests;
      const later = () => void flush().catch(() => {});
      if (requests >= writeEveryRequests) later();
      else timer ??= setTimeout(later, writeEveryMs).unref();
    },
    flush,
  };
}
