import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncRun } from '../../store/schema.ts';
import type { Company } from '../oracle/company.ts';
import { crawler } from '../oracle/company.ts';
import type { Truth } from '../oracle/truth.ts';
import { startPrivatePostgres, type PrivatePostgres } from '../real-parts/postgres.ts';
import { startPrivateTemporal, type PrivateTemporal } from '../real-parts/temporal.ts';
import { createSyncHarness, type RunKind, type SyncHarness } from '../sync/harness.ts';
import { makeUsers, type KnownUser } from '../sync/persons.ts';
import { truthOf } from '../sync/shown-as-source.ts';
import { startWorkerProcess, type WorkerProcess } from '../sync/worker-process.ts';

/** A run that has not ended after so long is stuck. */
const patienceMs = 150_000;

/** All parts of a Sluice of its own, as in production: server processes that may be killed, and a simulated company. */
export interface Stage {
  harness: SyncHarness;
  sandbox: SyncHarness['sandbox'];
  users: KnownUser[];
  /** What is true at this moment. */
  truth(): Truth;
  /** What worker processes have written. */
  output: string[];
  /**
   * One run to its end, whatever strikes meanwhile.
   * @throws Error where it does not end
   */
  run(kind: RunKind): Promise<SyncRun>;
  /** Resolves when the runs of this hour have ended; `hour` says which those are. */
  hourIsOver(): Promise<void>;
  hour<T>(work: Promise<T>): Promise<T>;
  killWorker(): Promise<void>;
  replaceWorker(): Promise<void>;
  restartPostgres(): Promise<void>;
  restartTemporal(): Promise<void>;
  /** When what was away last came back; null where nothing was. */
  backAt: number | null;
  /** Whether nothing can be synced before somebody consents anew. */
  needsConsent(): Promise<boolean>;
  consentAnew(): Promise<void>;
  close(): Promise<void>;
}

/** What it comes to within ten seconds, or null. */
function soon<T>(work: Promise<T>): Promise<T | null> {
  return Promise.race([work.catch(() => null), sleep(10_000, null)]);
}

/** Starts everything, with the source's clock so many hours behind ours: ten days pass in minutes. */
export async function openStage(company: Company, hours: number): Promise<Stage> {
  const [postgres, temporal]: [PrivatePostgres, PrivateTemporal] = await Promise.all([
    startPrivatePostgres(),
    startPrivateTemporal(),
  ]);
  const harness = await createSyncHarness({
    world: structuredClone(company.world),
    oauth: { accountId: crawler },
    worker: false,
    parts: { database: postgres.database, temporal: temporal.temporal },
    sandbox: { logLength: 100 },
    settings: {
      permissions: {
        anonymousAccess: company.world.visitorsWelcome === true ? 'everyone' : 'members',
        // Whether Confluence agrees is another proof.
        comparedPairs: 0,
      },
    },
  });
  const { db } = harness.database;
  const { clock, grants, store } = harness.sandbox.context;
  // At the end it is a little ahead of ours, as no two clocks agree.
  clock.set(new Date(Date.now() - hours * 3_600_000));
  grants.expireAccessTokens();
  const users = await makeUsers(db, company);
  const decided = await truthOf(db, harness.connectionId, company.world);
  const firstEmails = Object.fromEntries(company.world.people.map((one) => [one.accountId, one.email]));
  const { roles, visitorsWelcome } = decided;
  const output: string[] = [];
  let worker: WorkerProcess = await startWorkerProcess(harness);
  let over: Promise<unknown> = Promise.resolve();

  const ended = async (runId: string): Promise<SyncRun> => {
    const until = Date.now() + patienceMs;
    for (;;) {
      const row = db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirst();
      const run = await row.catch(() => undefined);
      // Its workflow closes a moment after its row.
      if (run?.finished_at != null) return (await soon(harness.ended(runId))) ?? run;
      if (Date.now() > until) throw new Error(`A run has not ended: ${JSON.stringify(run)}`);
      await sleep(100);
    }
  };
  const start = async (kind: RunKind): Promise<string> => {
    const until = Date.now() + patienceMs;
    const run = { connection_id: harness.connectionId, kind };
    let runId: string | undefined;
    for (;;) {
      try {
        // A run that a worker took up by itself, after a new consent, has its lane until it ends.
        runId ??= (await db.insertInto('sync_runs').values(run).returning('id').executeTakeFirstOrThrow()).id;
        await harness.engine.startRun({ runId, connectionId: harness.connectionId, kind });
        return runId;
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(250);
      }
    }
  };
  const startAnother = async (): Promise<void> => {
    worker = await startWorkerProcess(harness);
  };
  const stage: Stage = {
    harness,
    sandbox: harness.sandbox,
    users,
    output,
    truth: () => ({
      ...store.snapshot(),
      proven: company.proven,
      firstEmails,
      ...(roles === undefined ? {} : { roles }),
      visitorsWelcome: visitorsWelcome === true,
    }),
    run: async (kind) => ended(await start(kind)),
    hourIsOver: async () => {
      await over.catch(() => {});
    },
    hour(work) {
      over = work;
      return work;
    },
    async killWorker() {
      await worker.kill();
      output.push(...worker.output);
      release();
      await startAnother();
    },
    async replaceWorker() {
      const [before] = [worker, await startAnother()];
      release();
      await before.stop();
      output.push(...before.output);
    },
    async restartPostgres() {
      await postgres.kill();
      release();
      await sleep(1_000);
      await postgres.start();
      stage.backAt = performance.now();
    },
    async restartTemporal() {
      await temporal.stop();
      release();
      await sleep(1_000);
      await temporal.start();
      stage.backAt = performance.now();
    },
    backAt: null,
    async needsConsent() {
      const { status } = await db
        .selectFrom('connections')
        .select('status')
        .where('id', '=', harness.connectionId)
        .executeTakeFirstOrThrow();
      return status === 'needs_reauth';
    },
    consentAnew: () => harness.reauthenticate(harness.connectionId, { accountId: crawler }),
    async close() {
      release();
      await worker.stop();
      output.push(...worker.output);
      await harness.close();
      await Promise.all([postgres.close(), temporal.close()]);
    },
  };
  const release = (): void => void harness.sandbox.context.faults.barriers.releaseAll();
  return stage;
}
