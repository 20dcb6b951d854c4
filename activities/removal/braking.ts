import { addBrake, askAdministrator, askedBrakes, findBrake, settleBrake } from '../../store/brakes.ts';
import { holdBack, loadShares, stillHeld, type RemovalScope } from '../../store/brake-shares.ts';
import { addRunChanges } from '../../store/run-changes.ts';
import { logRun } from '../../store/runs.ts';
import { loadSpaces } from '../../store/spaces.ts';
import type { SyncContext } from '../context.ts';
import { isLeftBySettings } from '../scope.ts';
import { brakesFor, isTooMuch, usualAskAbove } from './brake.ts';
import { brakeWords } from './brake-words.ts';

/** Holds back what is too much to be removed without an administrator's word, and asks for it. */
export async function brakeIfTooMuch(context: SyncContext, options: RemovalScope): Promise<void> {
  const { db, connectionId } = context;
  const shares = await loadShares(db, connectionId, options);
  if (shares.connection.found === 0) return;
  const asked = new Set((await askedBrakes(db, connectionId)).map(({ scope }) => scope));
  // While somebody is asked about the whole, nothing goes, and nothing more is asked.
  if (asked.has('connection')) return;
  const wanted = brakesFor(shares, percentOf(context));
  if (wanted === 'connection') return hold(context, options, { space: null, total: shares.connection.total });
  for (const externalId of wanted.filter((id) => !asked.has(id))) {
    const total = shares.spaces.find((one) => one.externalId === externalId)?.total ?? 0;
    await hold(context, options, { space: externalId, total });
  }
}

async function hold(
  context: SyncContext,
  options: RemovalScope,
  { space, total }: { space: string | null; total: number },
): Promise<void> {
  const { db, connectionId, runId, connection } = context;
  const spaces = space === null ? [] : await loadSpaces(db, connectionId);
  const name =
    spaces.find((one) => one.external_id === space)?.name ?? (space === null ? connection.name : space);
  const scope = space ?? 'connection';
  const message = await db.transaction().execute(async (trx) => {
    const id = await addBrake(trx, { connectionId, runId, scope, name });
    const facts = await holdBack(trx, connectionId, { ...options, brakeId: id, space });
    const words = brakeWords(name, { ...facts, total });
    await askAdministrator(trx, { id, connectionId, scope }, { ...facts, total }, words);
    await addRunChanges(trx, runId, { hidden: facts.found });
    return words;
  });
  await logRun(db, runId, [{ level: 'warning', message }]);
}

/** Spaces that an administrator has left out: nobody is asked about these. */
export async function spacesLeftOut({ db, connectionId, connection }: SyncContext): Promise<string[]> {
  return (await loadSpaces(db, connectionId))
    .filter((space) => isLeftBySettings(connection.settings, space))
    .map((space) => space.external_id);
}

/** A brake whose records have shown up again, but for a few, asks nobody any more. */
export async function releaseBrakes(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  for (const brake of await askedBrakes(db, connectionId)) {
    const { found, total } = await stillHeld(db, connectionId, brake);
    if (isTooMuch(found, total, percentOf(context))) continue;
    const released = await db.transaction().execute(async (trx) => {
      // An administrator may be deciding at this moment: whoever has the row first decides.
      const now = await findBrake(trx, connectionId, brake.id);
      if (now?.state !== 'asked') return false;
      await settleBrake(trx, brake, 'released', null);
      return true;
    });
    if (!released) continue;
    const message = `What was missing of "${brake.name}" has shown up again${found === 0 ? '' : `, but for ${found} records`}. Nobody is asked about it any more.`;
    await logRun(db, runId, [{ level: 'info', message }]);
  }
}

function percentOf({ connection }: SyncContext): number {
  return connection.settings.deletions?.askAbovePercent ?? usualAskAbove;
}
