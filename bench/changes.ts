import { sql } from 'kysely';
import { searchRecords } from '../search/search.ts';
import { syncWorkflowId } from '../temporal/names.ts';
import { connect, measure } from './load.ts';
import type { Rig } from './rig.ts';
import { company } from './scenarios.ts';
import type { Row } from './table.ts';

type Say = (line: string) => void;

const pages = company.spaces * company.pagesPerSpace;
/** Of a hundred pages, one is edited and one other is commented on. */
const share = 0.01;
/** Changes whose way into the search is timed. */
const timed = 20;

/** What one run costs that brings in a hundredth of edits and as many comments; and how soon a change is found. */
export async function changeRows(rig: Rig, say: Say): Promise<Row[]> {
  await rig.control('PATCH', '/options', { latencyMs: 30 });
  await rig.control('POST', '/world/generate', company);
  const worker = await rig.startWorker();
  const id = await connect(rig);
  say(`Loading ${pages} pages at 30 ms latency, to change some`);
  await measure(rig, id, 'full', worker.pid);
  const ids = await pageIds(rig, id);
  const changed = Math.round(pages * share);
  say(`Changing ${changed} of them, and commenting on as many others`);
  await change(rig, [
    ...ids.slice(0, changed).map((page) => edited(page, 'changed')),
    ...ids.slice(changed, 2 * changed).map((page) => ({
      change: 'addComment',
      args: [{ containerId: page, body: '<p>A comment alone.</p>' }],
    })),
  ]);
  const run = await measure(rig, id, 'incremental', worker.pid);
  const idle = await measure(rig, id, 'incremental', worker.pid);
  const seconds = await searchableAfter(rig, id, ids.slice(-timed), worker.pid, say);
  await worker.stop();
  return [
    {
      what: `incremental run, 1 % of ${pages} pages edited and 1 % commented on`,
      measured: `${run.requests} requests, ${run.points} points, ${run.seconds.toFixed(2)} s (${run.run.indexed} stored; the run after it, which meets them again within the overlap, ${idle.requests} requests, ${idle.points} points, ${idle.seconds.toFixed(2)} s)`,
      reach: `all ${2 * changed} stored`,
      reached: Number(run.run.indexed) === 2 * changed,
    },
    {
      what: `from a change at the source to searchable, runs started at once, 30 ms latency`,
      measured: `p50 ${quantile(seconds, 0.5)} s, p95 ${quantile(seconds, 0.95)} s over ${seconds.length} changes`,
      reach: 'p95 < 5 s',
      reached: Number(quantile(seconds, 0.95)) < 5,
    },
  ];
}

/** A site of two thousand spaces: what the worker takes, and how long the workflow's history grows. */
export async function manySpacesRow(rig: Rig, say: Say): Promise<Row> {
  const spaces = 2_000;
  say(`Loading ${spaces} spaces`);
  await rig.control('PATCH', '/options', { latencyMs: 0 });
  await rig.control('POST', '/world/generate', { ...company, spaces, pagesPerSpace: 5, bodyBytes: 400 });
  const worker = await rig.startWorker();
  const id = await connect(rig);
  const load = await measure(rig, id, 'full', worker.pid);
  const full = await historyLength(rig, id);
  const idle = await measure(rig, id, 'incremental', worker.pid);
  await worker.stop();
  return {
    what: `a site of ${spaces} spaces, five pages each`,
    measured: `peak ${load.peakMb.toFixed(0)} MB, ${load.seconds.toFixed(0)} s, ${full} events of history; without news ${idle.requests} requests, ${idle.points} points, ${idle.seconds.toFixed(2)} s`,
    reach: '< 400 MB, < 1000 events, idle <= 8 requests, <= 80 points',
    reached: load.peakMb < 400 && full < 1_000 && idle.requests <= 8 && idle.points <= 80,
  };
}

/** One change, one run, one search, again and again: the seconds from the change to the hit. */
async function searchableAfter(
  rig: Rig,
  connectionId: string,
  ids: readonly string[],
  workerPid: number,
  say: Say,
): Promise<number[]> {
  const { db } = rig.database;
  const { id: userId } = await db
    .insertInto('users')
    .values({ email: 'admin@example.com', name: 'The crawler', role: 'member', email_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  say(`Timing ${ids.length} changes on their way into the search`);
  const seconds: number[] = [];
  for (const [at, page] of ids.entries()) {
    const word = `timedword${at}`;
    const started = performance.now();
    await change(rig, [edited(page, word)]);
    await measure(rig, connectionId, 'incremental', workerPid);
    const { hits } = await searchRecords(db, { userId }, { q: word, connection: [connectionId], limit: 5 });
    if (!hits.some((hit) => hit.externalId === page)) throw new Error(`${page} is not found by ${word}.`);
    seconds.push((performance.now() - started) / 1_000);
  }
  return seconds;
}

function edited(page: string, word: string): { change: string; args: unknown[] } {
  return { change: 'updateContent', args: [page, { body: `<p>This page has ${word}.</p>` }] };
}

async function change(rig: Rig, changes: { change: string; args: unknown[] }[]): Promise<void> {
  await rig.control('POST', '/world/change', changes);
}

/** Pages that the crawler may see, which is all of them, oldest first. */
async function pageIds(rig: Rig, connectionId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from records where connection_id = ${connectionId} and kind = 'page'
    order by external_id`.execute(rig.database.db);
  return rows.map((row) => row.id);
}

async function historyLength(rig: Rig, connectionId: string): Promise<number> {
  const { historyLength: events } = await rig.client.workflow
    .getHandle(syncWorkflowId(connectionId))
    .describe();
  return events;
}

function quantile(values: readonly number[], part: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0).toFixed(2);
}
