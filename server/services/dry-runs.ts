import type { Kysely } from 'kysely';
import { InvalidInput, NotFound } from '../../errors.ts';
import { dryRunOutcomes, dryRunReason } from '../../scope/dry-run-words.ts';
import { loadPastRuns, loadQuota, type SiteSize } from '../../store/forecast.ts';
import {
  listDryRunItems,
  loadDryRunHead,
  readDryRunItems,
  type DryRunFilter,
  type DryRunItem,
} from '../../store/dry-run-report.ts';
import { findRun } from '../../store/runs-read.ts';
import type { Database, DryRunOutcome, DryRunTotal, RecordKind } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { byteOrderMark, csvLine } from '../csv.ts';
import { recordKinds } from '../../search/types.ts';
import { cursorOf, idOf, limitOf, pageOf } from '../paging.ts';
import type { Page } from '../views.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest } from './contracts.ts';
import { usualRequestsPerSecond } from './forecast.ts';
import { durationOf, fullCost } from './forecast-cost.ts';
import type { LogFormat } from './run-log.ts';

/** What a dry run found. */
export interface DryRunReport {
  runId: string;
  connectionId: string;
  /** It decided by settings that were given with it, not by those of the connection. */
  candidate: boolean;
  /** false: not everything is compared yet, or the run did not come so far. */
  complete: boolean;
  /** In scope. */
  spaces: number;
  outcomes: { outcome: DryRunOutcome; items: number; points: number }[];
  reasons: { outcome: DryRunOutcome; reason: string; words: string; items: number }[];
  kinds: { kind: RecordKind; outcome: DryRunOutcome; items: number }[];
  /** The spaces with most that would change first; null is what belongs to no space that is known. */
  bySpace: { key: string | null; add: number; update: number; remove: number; other: number }[];
  /** Of the full sync that it foretells, by what it has counted: an estimate. */
  cost: { requests: number; points: number; minutes: number; waits: number };
}

export interface DryRunItemView extends DryRunItem {
  /** Why, in words. */
  words: string | null;
}

export interface DryRunItemsRequest {
  outcome?: string | undefined;
  reason?: string | undefined;
  kind?: string | undefined;
  space?: string | undefined;
  q?: string | undefined;
}

/** Reports of dry runs; for administrators. @throws NotFound where a run is none, or its report is forgotten */
export interface DryRunsService {
  report(actor: Actor, runId: string): Promise<DryRunReport>;
  items(actor: Actor, runId: string, page?: PageRequest & DryRunItemsRequest): Promise<Page<DryRunItemView>>;
  /** The items whole, as the lines of a file. */
  export(
    actor: Actor,
    runId: string,
    request: DryRunItemsRequest,
    format: LogFormat,
  ): Promise<AsyncIterable<string>>;
}

const mostSpaces = 200;

export function createDryRunsService({
  db,
  now = () => new Date(),
}: {
  db: Kysely<Database>;
  now?: () => Date;
}): DryRunsService {
  const runOf = async (actor: Actor, id: string) => {
    requireAdministrator(actor);
    const run = await findRun(db, idOf('This report', id));
    const head = run?.kind === 'dry_run' ? await loadDryRunHead(db, run.id) : undefined;
    if (run === undefined || head === undefined) throw new NotFound('This report');
    return { run, head };
  };
  return {
    async report(actor, runId) {
      const { run, head } = await runOf(actor, runId);
      const connection = await existingConnection(db, run.connection_id);
      const [past, quota] = await Promise.all([
        loadPastRuns(db, connection.id, 'full'),
        loadQuota(db, connection),
      ]);
      const totals = head.totals ?? [];
      const cost = fullCost(sizeOf(totals, head.spaces));
      const pace = {
        requestsPerSecond: past?.requestsPerSecond ?? usualRequestsPerSecond,
        requestsPerMinute: connection.settings.sync?.requestsPerMinute ?? null,
        quota,
      };
      return {
        runId: run.id,
        connectionId: run.connection_id,
        candidate: head.candidate,
        complete: head.totals !== null,
        spaces: head.spaces,
        ...summed(totals),
        cost: { requests: cost.requests, points: cost.points, ...durationOf(cost, pace, now()) },
      };
    },
    async items(actor, runId, page) {
      const { run } = await runOf(actor, runId);
      const limit = limitOf(page);
      const cursor = cursorOf(page, cursorPattern);
      const rows = await listDryRunItems(db, run.id, {
        ...filterOf(page ?? {}),
        after: cursor === null ? null : placeOf(cursor),
        limit: limit + 1,
      });
      return pageOf(rows, limit, (row) => `${row.outcome} ${row.externalId}`, present);
    },
    async export(actor, runId, request, format) {
      const { run } = await runOf(actor, runId);
      const items = readDryRunItems(db, run.id, filterOf(request));
      return format === 'csv' ? asCsv(items) : asJson(items);
    },
  };
}

const cursorPattern = /^[a-z_]+ [\w:.-]{1,200}$/;

function placeOf(cursor: string): { outcome: string; id: string } {
  const [outcome = '', id = ''] = cursor.split(' ');
  return { outcome, id };
}

const present = (item: DryRunItem): DryRunItemView => ({
  ...item,
  words: item.failure ?? dryRunReason(item.reason),
});

function filterOf({ outcome, reason, kind, space, q = '' }: DryRunItemsRequest): DryRunFilter {
  const words = q.trim().slice(0, 200);
  return {
    outcome: oneOf('outcome', dryRunOutcomes, outcome),
    kind: oneOf('kind', recordKinds, kind),
    reason: reason ?? null,
    space: space ?? null,
    q: words === '' ? null : words,
  };
}

function oneOf<T extends string>(name: string, known: readonly T[], asked: string | undefined): T | null {
  if (asked === undefined) return null;
  const found = known.find((one) => one === asked);
  if (found === undefined) throw new InvalidInput({ [name]: `One of ${known.join(', ')}.` });
  return found;
}

/** What a full sync would read: whatever is listed and wanted, or was looked at to find that it is not. */
function sizeOf(totals: readonly DryRunTotal[], spaces: number): SiteSize {
  const of = (...kinds: RecordKind[]) =>
    totals
      .filter(({ kind, reason }) => kinds.includes(kind) && reason !== 'notListed')
      .reduce((sum, { items }) => sum + items, 0);
  return {
    pages: of('page'),
    blogposts: of('blogpost'),
    comments: of('comment'),
    attachments: of('attachment'),
    containers: of('folder', 'whiteboard', 'database', 'embed'),
    spaces,
    groups: 0,
    memberships: 0,
    accounts: 0,
  };
}

function summed(totals: readonly DryRunTotal[]) {
  const outcomes = groups(totals, ({ outcome }) => outcome).map(([{ outcome }, of]) => ({
    outcome,
    items: sum(of),
    points: of.reduce((all, { points }) => all + Number(points), 0),
  }));
  const reasons = groups(
    totals.filter(({ reason }) => reason !== null),
    ({ outcome, reason }) => `${outcome} ${reason}`,
  ).map(([{ outcome, reason }, of]) => ({
    outcome,
    reason: reason ?? '',
    words: dryRunReason(reason) ?? '',
    items: sum(of),
  }));
  const kinds = groups(totals, ({ outcome, kind }) => `${outcome} ${kind}`).map(
    ([{ outcome, kind }, of]) => ({
      kind,
      outcome,
      items: sum(of),
    }),
  );
  const bySpace = groups(totals, ({ spaceKey }) => spaceKey ?? ' ').map(([{ spaceKey }, of]) => {
    const counted = (name: DryRunOutcome) => sum(of.filter(({ outcome }) => outcome === name));
    const [add, update, remove] = [counted('add'), counted('update'), counted('remove')];
    return { key: spaceKey, add, update, remove, other: sum(of) - add - update - remove };
  });
  return {
    outcomes: outcomes.sort((a, b) => dryRunOutcomes.indexOf(a.outcome) - dryRunOutcomes.indexOf(b.outcome)),
    reasons: reasons.sort((a, b) => b.items - a.items),
    kinds,
    bySpace: bySpace
      .sort((a, b) => b.add + b.update + b.remove - (a.add + a.update + a.remove) || b.other - a.other)
      .slice(0, mostSpaces),
  };
}

function groups(
  totals: readonly DryRunTotal[],
  by: (one: DryRunTotal) => string,
): [DryRunTotal, DryRunTotal[]][] {
  return [...Map.groupBy(totals, by).values()].flatMap((of) => (of[0] === undefined ? [] : [[of[0], of]]));
}

const sum = (totals: readonly DryRunTotal[]) => totals.reduce((all, { items }) => all + items, 0);

async function* asCsv(items: AsyncIterable<DryRunItem>): AsyncGenerator<string> {
  const columns = ['outcome', 'reason', 'kind', 'externalId', 'title', 'url', 'space', 'points', 'words'];
  yield byteOrderMark + csvLine(columns);
  for await (const item of items) {
    const { outcome, reason, kind, externalId, title, url, spaceKey, points } = item;
    yield csvLine([outcome, reason, kind, externalId, title, url, spaceKey, points, present(item).words]);
  }
}

async function* asJson(items: AsyncIterable<DryRunItem>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(present(item))}\n`;
}
