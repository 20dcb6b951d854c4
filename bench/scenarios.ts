import { sql } from 'kysely';
import { bareListing } from './bare.ts';
import { connect, measure, type Load } from './load.ts';
import type { Rig } from './rig.ts';
import type { Row } from './table.ts';

/**
 * 20 spaces x 100 pages of 4 KB, each with a comment, an attachment and labels; every tenth page restricted. The
 * attachments are images: what reading the text of documents takes is told in rows of its own (files.ts).
 */
export const company = {
  seed: 11,
  spaces: 20,
  pagesPerSpace: 100,
  people: 50,
  groups: 10,
  bodyBytes: 4_096,
  commentsPerPage: 1,
  attachmentsPerPage: 1,
  restrictedEvery: 10,
  labelsPerPage: 2,
};
const companyPages = company.spaces * company.pagesPerSpace;

type Worker = Awaited<ReturnType<Rig['startWorker']>>;
type Say = (line: string) => void;

/** Full loads at a server latency, each of an empty connection, one after another by the same worker. */
async function fullLoads(rig: Rig, worker: Worker, latencyMs: number, repeats: number): Promise<Load[]> {
  await rig.control('PATCH', '/options', { latencyMs });
  const loads: Load[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const id = await connect(rig);
    loads.push(await measure(rig, id, 'full', worker.pid));
    await removeConnection(rig, id);
  }
  return loads;
}

/** Deletes what was loaded, and cleans up behind it: the next load must not share the machine with autovacuum. */
async function removeConnection(rig: Rig, id: string): Promise<void> {
  await rig.database.db.deleteFrom('connections').where('id', '=', id).execute();
  await sql`vacuum analyze`.execute(rig.database.db);
}

/** The machine has other work too. */
function fastest(loads: readonly Load[]): Load {
  return loads.reduce((best, load) => (load.seconds < best.seconds ? load : best));
}

/** Requests, points, an idle run, and pages a second at 0 and 30 ms. */
export async function companyRows(rig: Rig, say: Say): Promise<Row[]> {
  await rig.control('POST', '/world/generate', company);
  const worker = await rig.startWorker();
  const rows: Row[] = [];
  for (const latencyMs of [0, 30]) {
    say(`Loading ${companyPages} pages at ${latencyMs} ms latency`);
    const loads = await fullLoads(rig, worker, latencyMs, 4);
    const load = fastest(loads);
    const bare = await bareListing(rig, companyPages);
    const rate = companyPages / load.seconds;
    if (latencyMs === 0) rows.push(...costRows(load));
    rows.push({
      what: `full load at ${latencyMs} ms latency (attachments are images; their text is a row of its own)`,
      measured:
        `${rate.toFixed(0)} pages/s (fastest of ${loads.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s, the first of all by a fresh worker; ` +
        `bare listing ${bare.toFixed(0)} pages/s, ratio ${(rate / bare).toFixed(2)})`,
      reach: '>= 1000 pages/s',
      reached: rate >= 1_000,
    });
  }
  rows.splice(2, 0, ...(await idleRows(rig, worker, say)));
  await worker.stop();
  return rows;
}

function costRows(load: Load): Row[] {
  const perPage = (load.requests - load.perSpaceAndGroup) / companyPages;
  const objects = 3 * companyPages;
  const read = objects + companyPages;
  return [
    {
      what: 'requests a page, full load',
      measured: `${perPage.toFixed(4)} (+ ${load.perSpaceAndGroup} for spaces and groups)`,
      reach: '<= 0.03',
      reached: perPage <= 0.03,
    },
    {
      what: 'points an object read, full load',
      measured: `${(load.points / read).toFixed(3)} (${load.points} points; ${(load.points / objects).toFixed(3)} a distinct page, comment or attachment)`,
      reach: '<= 1.15',
      reached: load.points / read <= 1.15,
    },
  ];
}

async function idleRows(rig: Rig, worker: Worker, say: Say): Promise<Row[]> {
  say('An incremental run without news');
  await rig.control('PATCH', '/options', { latencyMs: 0 });
  const id = await connect(rig);
  await measure(rig, id, 'full', worker.pid);
  const idle = await measure(rig, id, 'incremental', worker.pid);
  say('Permission syncs of everything');
  // Answers are not compared: each costs a request, and they are bounded by a number of their own.
  const settings = JSON.stringify({ permissions: { comparedPairs: 0 } });
  await rig.database.db.updateTable('connections').set({ settings }).where('id', '=', id).execute();
  await measure(rig, id, 'permissions', worker.pid);
  const permissions = await measure(rig, id, 'permissions', worker.pid);
  await removeConnection(rig, id);
  const cost = ({ requests, points, seconds }: Load) =>
    `${requests} requests, ${points} points, ${seconds.toFixed(2)} s`;
  return [
    {
      what: 'incremental run without news',
      measured: cost(idle),
      reach: '<= 8 requests, <= 80 points',
      reached: idle.requests <= 8 && idle.points <= 80,
    },
    {
      what: `permission sync that reads all ${companyPages} pages, spaces, groups and people again`,
      measured: `${cost(permissions)}; ${(permissions.points / companyPages).toFixed(2)} points a page`,
      reach: 'within its share of the points',
      reached: null,
    },
  ];
}

/** Memory of a worker that loads one space of 50,000 pages. */
export async function largeSpaceRow(rig: Rig, say: Say): Promise<Row> {
  say('Loading one space of 50,000 pages');
  const pages = 50_000;
  await rig.control('PATCH', '/options', { latencyMs: 0 });
  await rig.control('POST', '/world/generate', { ...company, spaces: 1, pagesPerSpace: pages });
  const worker = await rig.startWorker();
  const id = await connect(rig);
  const load = await measure(rig, id, 'full', worker.pid);
  await worker.stop();
  return {
    what: 'worker memory, one space of 50,000 pages',
    measured: `peak ${load.peakMb.toFixed(0)} MB (${(pages / load.seconds).toFixed(0)} pages/s)`,
    reach: '< 400 MB',
    reached: load.peakMb < 400,
  };
}
