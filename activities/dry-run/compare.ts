import { sql } from 'kysely';
import { decide, isSelective, spaceReason, type Decision, type Wanted } from '../../scope/decide.ts';
import { outcomeOf, pointsOf } from '../../scope/dry-run.ts';
import type { Facts } from '../../scope/facts.ts';
import type { Reason } from '../../scope/reasons.ts';
import {
  dryRunFacts,
  failDryRunItems,
  notListedIn,
  saveDryRunOutcomes,
  saveDryRunRemovals,
  storedOfDryRun,
  sumDryRun,
} from '../../store/dry-run-compare.ts';
import { loadDryRunSpaces } from '../../store/dry-runs.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import { eachFacts } from '../../store/scope-facts.ts';
import type { SyncContext } from '../context.ts';
import { wantedOfDryRun } from './begin.ts';

/** Items that are decided in one statement. */
const batch = 2_000;
const stage = 'comparison';

/** Not by a rule: the site does not list it any more. */
export const notListed = 'notListed';

/** Decides over everything that was listed, and over what is stored and was not. What is decided stays so. */
export async function compareDryRun(context: SyncContext): Promise<void> {
  const { db, runId } = context;
  await openStage(db, runId, stage, null);
  await failDryRunItems(db, runId);
  await decideListed(context);
  await decideNotListed(context);
  await sumDryRun(db, runId);
  await closeStage(db, runId, stage, 'done');
}

async function decideListed(context: SyncContext): Promise<void> {
  const { db, runId, connectionId } = context;
  const { wanted } = await wantedOfDryRun(db, context);
  const selective = isSelective(wanted);
  const source = dryRunFacts(runId, await loadDryRunSpaces(db, runId));
  await eachFacts(
    db,
    connectionId,
    wanted,
    async (facts) => {
      const ids = facts.map(({ item }) => item.externalId);
      const stored = await storedOfDryRun(db, connectionId, runId, ids);
      const decided = facts.map(({ item, container }) => {
        const known = stored.get(item.externalId);
        const told = outcomeOf(
          decideListedItem(wanted, item, container, known?.spaceReason ?? null),
          known === undefined
            ? null
            : { indexed: known.state === 'indexed' || known.state === 'waiting', changed: known.changed },
        );
        return { externalId: item.externalId, ...told, points: pointsOf(told, item.kind, { selective }) };
      });
      await db.transaction().execute(async (trx) => {
        await saveDryRunOutcomes(trx, runId, decided);
        await countBatch(trx, runId, stage, noCounts, context.takeSpent(), decided.length);
      });
      context.checkpointReached(`${stage} ${ids.at(-1) ?? ''}`);
    },
    { source, batch, within: sql<boolean>`r.outcome is null` },
  );
}

/** A comment or an attachment has the space of its page; where that was not listed, the one in which it is stored. */
function decideListedItem(
  wanted: Wanted,
  item: Facts,
  container: Facts | null,
  ofStoredSpace: Reason | null,
): Decision {
  if (container !== null) return decide(wanted, { ...item, space: container.space }, container);
  if (item.kind !== 'comment' && item.kind !== 'attachment') return decide(wanted, item, null);
  return { wanted: false, state: 'filtered', reason: ofStoredSpace ?? 'container' };
}

/** What members see and the site did not list: left out by a rule, or not there any more. */
async function decideNotListed(context: SyncContext): Promise<void> {
  const { db, runId, connectionId } = context;
  const { wanted } = await wantedOfDryRun(db, context);
  // A space may have been archived, or be another kind by now.
  const spaces = new Map((await loadDryRunSpaces(db, runId)).map((space) => [space.key, space]));
  await eachFacts(
    db,
    connectionId,
    wanted,
    async (facts) => {
      const removals = facts.map(({ item, container }) => {
        const known = item.space === null ? undefined : spaces.get(item.space.key);
        const space =
          known === undefined ? item.space : { key: known.key, type: known.type, status: known.status };
        const bySpace = space === null ? null : spaceReason(wanted, space);
        const decision = decide(wanted, item, container);
        const reason = bySpace ?? (decision.wanted || known === undefined ? notListed : decision.reason);
        return { externalId: item.externalId, reason };
      });
      await db.transaction().execute(async (trx) => {
        await saveDryRunRemovals(trx, connectionId, runId, removals);
        await countBatch(trx, runId, stage, noCounts, context.takeSpent(), removals.length);
      });
      context.checkpointReached(`${stage}, not listed, ${facts.at(-1)?.item.externalId ?? ''}`);
    },
    { batch, within: notListedIn(runId) },
  );
}
