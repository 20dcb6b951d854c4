import fc from 'fast-check';
import { createLots } from '../../sandbox/lots.ts';
import { buildCompany, type Company } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import type { RunKind } from '../sync/harness.ts';
import { watchVisibility } from '../sync/visibility-watch.ts';
import { changeAccess } from './access-changes.ts';
import { answerBrakes, checkpoint, findSecrets, note } from './checkpoint.ts';
import { calm, disturbance, planDisturbances } from './disturbances.ts';
import { createDeparted } from './departed.ts';
import { placesThatChanged } from './diary.ts';
import { edit } from './edits.ts';
import { count, emptyReport, type SoakReport } from './report.ts';
import { openStage } from './stage.ts';

export interface SoakOptions {
  /** The same seed makes the same company, the same changes and the same faults. */
  seed: number;
  days: number;
  say?: (line: string) => void;
  /** Tells every move, removal and restriction too. */
  diary?: boolean;
}

/** A content run each hour; of every six, one is followed by a sweep, and every twelfth hour everything is compared. */
const sweepEvery = 6;
const checkpointEvery = 12;
const mostEdits = 7;

/**
 * Days of a company's life in minutes: each hour people write, one right changes, something may break, and the runs
 * start that a schedule would start. Somebody looks at what everybody is shown all the time.
 */
export async function soak({ seed, days, say = () => {}, diary = false }: SoakOptions): Promise<SoakReport> {
  const hours = Math.max(checkpointEvery, Math.round(days * 24));
  const report = emptyReport(seed, days);
  const lots = createLots(seed);
  const company = companyOf(seed);
  const plan = planDisturbances(createLots(seed + 1), hours);
  const stage = await openStage(company, hours);
  const { clock, store } = stage.sandbox.context;
  try {
    const departed = createDeparted();
    const watch = watchVisibility({
      db: stage.harness.database.db,
      connectionId: stage.harness.connectionId,
      users: stage.users,
      truth: () => departed.addTo(stage.truth()),
    });
    const first = await stage.run('full');
    count(report.runs, `full ${first.state}`);
    if (first.state !== 'succeeded')
      note(report, 'unexplained', 1, `the first run ${first.state}: ${first.message}`);
    // Whether what changed last about access has been read: only then may the next change come.
    let isRead = true;
    let world = store.snapshot();
    let told = 0;
    for (let hour = 1; hour <= hours; hour += 1) {
      const edits = 1 + lots.below(mostEdits);
      for (let at = 0; at < edits; at += 1) {
        clock.advance(Math.floor((50 * 60_000) / edits));
        count(report.changes, edit(store, lots, hour * 100 + at));
      }
      clock.advance(10 * 60_000);
      // What was written may be read before the right that changes next.
      watch.changed();
      if (isRead) count(report.changes, changeAccess(store, lots, company, hour));
      const now = store.snapshot();
      departed.note(world, now);
      watch.changed();
      if (diary) for (const line of placesThatChanged(world, now)) say(`hour ${hour}: ${line}`);
      world = now;
      const name = plan.get(hour);
      if (diary && name !== undefined) say(`hour ${hour}: ${name}`);
      const wrong = name === undefined ? undefined : disturbance(name);
      if (name !== undefined) count(report.faults, name);
      wrong?.begin(stage, lots);
      const kinds: RunKind[][] = [
        ['incremental', ...(hour % sweepEvery === 0 ? (['sweep'] as const) : [])],
        ['permissions'],
      ];
      const lanes = Promise.all(
        kinds.map(async (lane) => {
          let isGood = true;
          for (const kind of lane) {
            if (await stage.needsConsent()) return false;
            const run = await stage.run(kind);
            count(report.runs, `${kind} ${run.state}`);
            isGood &&= run.state === 'succeeded' && run.failed === '0';
            if (run.state !== 'succeeded' && wrong?.mayFail !== true)
              note(report, 'unexplained', 1, `hour ${hour} (${name}): ${kind} ${run.state}: ${run.message}`);
          }
          return isGood;
        }),
      );
      stage.backAt = null;
      const [outcome] = await Promise.all([watch.during(stage.hour(lanes)), wrong?.strike?.(stage)]);
      if (stage.backAt !== null)
        report.slowestRecovery = Math.max(report.slowestRecovery, (performance.now() - stage.backAt) / 1_000);
      calm(stage);
      if (await stage.needsConsent()) await stage.consentAnew();
      await answerBrakes(stage);
      isRead = outcome.every((isGood) => isGood);
      if (isRead) watch.settled();
      if (hour % checkpointEvery === 0 || hour === hours) {
        await checkpoint(stage, report, hour);
        isRead = true;
        departed.clear();
        watch.settled();
        say(`day ${(hour / 24).toFixed(1)}: ${report.records} records, ${report.findings.length} findings`);
        for (const line of report.findings.slice(told)) say(`WRONG ${line}`);
        told = report.findings.length;
      }
    }
    for (const { email, externalId } of watch.leaks())
      note(report, 'leaked', 1, `${email} was shown ${externalId}`);
    report.looks = watch.looks;
    await findSecrets(stage, report);
  } finally {
    await stage.close();
  }
  return report;
}

/** A company of some size, by the seed. */
function companyOf(seed: number): Company {
  const size = { people: 12, groups: 6, spaces: 4, items: 80, comments: 40, attachments: 24 };
  const [plan] = fc.sample(randomPlan(size), { seed, numRuns: 1 });
  if (plan === undefined) throw new Error(`Seed ${seed} makes no company.`);
  return buildCompany(plan);
}
