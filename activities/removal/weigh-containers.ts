import PQueue from 'p-queue';
import { AtlassianError } from '../../atlassian/errors.ts';
import type { ConfluenceContainer, ContainerKind } from '../../atlassian/confluence/types.ts';
import { saveContainersFound } from '../../store/containers.ts';
import type { RemovalCause } from '../../store/schema.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import { parentsOfStored, placesBelow, type VanishedRow } from '../../store/vanished-read.ts';
import { prepareRecords } from '../changed.ts';
import { containerRecord, parentContainers } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal } from '../refusals.ts';
import { readPlaces } from './places.ts';
import { causeOfSpace, explicitCause, standingOf } from './verdict.ts';
import type { Weighed } from './weigh-content.ts';

const concurrency = 6;

/**
 * Folders, whiteboards, databases and embeds, which no listing holds: one request each, but for those whose space is
 * gone. Whatever is answered, it goes only where nothing hangs below it any more, because what does would bring it
 * back with each reading: what claims to is asked for its place first.
 */
export async function weighContainers(
  context: SyncContext,
  rows: readonly VanishedRow[],
): Promise<Weighed[]> {
  const { connection } = context;
  const weighed: Weighed[] = [];
  const asked: VanishedRow[] = [];
  for (const row of rows) {
    const standing =
      row.spaceId === null
        ? 'unknown'
        : standingOf(connection.settings, {
            key: row.spaceKey,
            type: row.spaceType,
            status: row.spaceStatus,
          });
    const cause = causeOfSpace[standing];
    if (cause === undefined) asked.push(row);
    else weighed.push({ externalId: row.externalId, cause });
  }
  const asOf = context.askedAt();
  const reading = new PQueue({ concurrency });
  const answers = await reading.addAll(asked.map((row) => () => readOne(context, row)));
  const found = answers.flatMap(({ answer }) => (answer === null || answer === 'absent' ? [] : [answer]));
  const isThere = ({ status }: ConfluenceContainer) => explicitCause(status) === null;
  await storeAgain(context, found.filter(isThere), asOf);
  const gone = answers.flatMap(({ id, answer }): { id: string; cause: RemovalCause }[] => {
    if (answer === null) return [];
    const cause = answer === 'absent' ? 'not_shown' : explicitCause(answer.status);
    return cause === null ? [] : [{ id, cause }];
  });
  const goneIds = gone.map(({ id }) => id);
  await readPlaces(context, await placesBelow(context.db, context.connectionId, goneIds));
  const still = await parentsOfStored(context.db, context.connectionId, goneIds);
  for (const { id, cause } of gone) weighed.push({ externalId: id, cause: still.has(id) ? null : cause });
  for (const { id, answer } of answers) if (answer === null) weighed.push({ externalId: id, cause: null });
  return weighed;
}

/** `absent`: a 404; null: another refusal, which says nothing. */
async function readOne(
  { reader }: SyncContext,
  { externalId: id, kind }: VanishedRow,
): Promise<{ id: string; answer: ConfluenceContainer | 'absent' | null }> {
  try {
    return { id, answer: await reader.readContainer(kind as ContainerKind, id) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const isAbsent = error instanceof AtlassianError && (error.code === 'not_found' || error.code === 'gone');
    return { id, answer: isAbsent ? 'absent' : null };
  }
}

async function storeAgain(
  context: SyncContext,
  containers: readonly ConfluenceContainer[],
  asOf: Date,
): Promise<void> {
  if (containers.length === 0) return;
  const { db, connectionId, runId } = context;
  const records = containers.map((one) => containerRecord(context, one));
  const store = await prepareRecords(context, containers.length, records, asOf);
  await db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    await store(trx);
    await saveContainersFound(trx, connectionId, runId, parentContainers(containers));
  });
}
