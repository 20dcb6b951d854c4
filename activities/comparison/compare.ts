import PQueue from 'p-queue';
import { AtlassianError } from '../../atlassian/errors.ts';
import { canSee } from '../../permissions/can-see.ts';
import type { Principal } from '../../permissions/types.ts';
import { loadAccountPrincipals } from '../../store/account-principals.ts';
import {
  saveAgreed,
  saveDisagreement,
  saveUnanswered,
  type Compared,
} from '../../store/permission-checks.ts';
import { sampleAccounts, sampleItems, type SampledItem } from '../../store/permission-samples.ts';
import { loadPaths } from '../../store/path-layers.ts';
import { logRun } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal } from '../refusals.ts';
import { isComparisonDue, markCompared, usualComparedPairs } from '../../store/permission-comparison.ts';
import { choosePairs, pairsPerItem, type Pair } from './pairs.ts';
import { dueOf } from './due.ts';
import { recheckOpen } from './recheck.ts';

const peopleDrawn = 200;
const concurrency = 4;

/**
 * Compares our answers with Confluence's own (`content/{id}/permission/check`): what is open of earlier disagreements
 * each time, and once a night a random sample of pairs of a person and a page. An answer that was too open hides the
 * page at once; either kind is kept until both agree. Without the right to ask, nothing is compared, and the
 * connection's page says so.
 * @param random from 0 to 1, as Math.random
 */
export async function compareAnswers(context: SyncContext, random = Math.random): Promise<void> {
  const { db, connectionId } = context;
  await recheckOpen(context);
  const wanted = context.connection.settings.permissions?.comparedPairs ?? usualComparedPairs;
  if (wanted === 0 || !(await isComparisonDue(db, connectionId))) return;
  const items = await sampleItems(db, connectionId, Math.ceil(wanted / pairsPerItem));
  const people = await loadAccountPrincipals(
    db,
    connectionId,
    await sampleAccounts(db, connectionId, peopleDrawn),
  );
  const pairs = choosePairs(items, people, random).slice(0, wanted);
  if (pairs.length > 0 && (await askAll(context, pairs, people))) await markCompared(db, connectionId);
}

/** @returns false when there is no right to ask: then it is tried again at the next permission sync. */
async function askAll(
  context: SyncContext,
  pairs: readonly Pair<SampledItem>[],
  people: ReadonlyMap<string, ReadonlySet<Principal>>,
): Promise<boolean> {
  const [first, ...rest] = pairs;
  if (first === undefined) return true;
  const answers: (Pair<SampledItem> & { theirs: boolean })[] = [];
  // Alone: where the right is missing, one request tells.
  try {
    answers.push({ ...first, theirs: await ask(context, first) });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code !== 'not_found') return refused(context, first, error);
  }
  const queue = new PQueue({ concurrency });
  await queue.addAll(
    rest.map((pair) => async () => {
      try {
        answers.push({ ...pair, theirs: await ask(context, pair) });
      } catch (error) {
        // Gone meanwhile, or no longer shown to the crawling account: the next reading finds out.
        if (!isRefusal(error)) throw error;
      }
    }),
  );
  await store(context, answers, people);
  return true;
}

async function ask(context: SyncContext, pair: Pair<SampledItem>): Promise<boolean> {
  const theirs = await context.reader.checkPermission(pair.item.externalId, pair.accountId);
  context.checkpointReached(`compared ${pair.item.externalId}`);
  return theirs;
}

async function refused(
  { db, connectionId }: SyncContext,
  { item, accountId, ours }: Pair<SampledItem>,
  error: AtlassianError,
): Promise<false> {
  await saveUnanswered(db, connectionId, { accountId, externalId: item.externalId, ours }, error.message);
  return false;
}

async function store(
  context: SyncContext,
  answers: readonly (Pair<SampledItem> & { theirs: boolean })[],
  people: ReadonlyMap<string, ReadonlySet<Principal>>,
): Promise<void> {
  const { db, connectionId, runId } = context;
  const compared = answers.map(({ item, ...one }) => ({ ...one, externalId: item.externalId, item }));
  await saveAgreed(
    db,
    connectionId,
    compared.filter(({ ours, theirs }) => ours === theirs),
  );
  const disagreed = compared.filter(({ ours, theirs }) => ours !== theirs);
  const paths = await loadPaths(db, connectionId, [...new Set(disagreed.map((one) => one.externalId))]);
  for (const { item, ...one } of disagreed) {
    const held = people.get(one.accountId) ?? new Set<Principal>();
    const verdicts = item.layers.map((layer) => ({ layer, admitted: canSee(held, [layer]) }));
    const due = dueOf(one.accountId, item.layers, paths.get(one.externalId));
    await db.transaction().execute((trx) => saveDisagreement(trx, connectionId, one, verdicts, due));
    await logRun(db, runId, [{ level: 'warning', message: wordsOf(one), item: one.externalId }]);
  }
}

function wordsOf({ externalId, accountId, ours }: Compared): string {
  return ours
    ? `Confluence says that account ${accountId} may not view ${externalId}, and our layers admit it. It is hidden from everybody until both agree.`
    : `Confluence says that account ${accountId} may view ${externalId}, and our layers do not admit it.`;
}
