import { createBodyRenderer, mentionedAccounts } from '../../content/rendered-body.ts';
import { rulesDigest, withDefaults } from '../../content/rules/rendering.ts';
import { loadAccountNames } from '../../store/accounts.ts';
import {
  listStaleBodies,
  noteRenderedRules,
  renderedRules,
  saveRenderedBodies,
} from '../../store/rendered-bodies.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import { siteOf, type SyncContext } from '../context.ts';

const stage = 'content rules';
/** Of one batch: as many bodies, and no more once their raw forms reach these bytes. */
const batch = { limit: 250, bytes: 2 * 1024 * 1024 };

/**
 * Renders anew, from what is stored, the bodies that were rendered by other content rules than the present ones.
 * Sends no request: the names of whom they mention were asked for when they were read. Without a checkpoint, because
 * what is done bears the rules' digest and is passed over when this starts again.
 */
export async function renderStored(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  let rules = currentRules(context);
  if ((await renderedRules(db, connectionId)) === rules) return;
  let rendered = 0;
  for (let after: string | null = ''; after !== null;) {
    let by = rules;
    const { bodies: stale, next } = await listStaleBodies(db, connectionId, { rules, after, ...batch });
    if (stale.length > 0) {
      const mentioned = [...mentionedAccounts(stale.map(({ raw }) => raw))];
      const names = await loadAccountNames(db, connectionId, mentioned);
      const render = createBodyRenderer(siteOf(context), names);
      const bodies = stale.map((each) => ({ ...render(each).body, id: each.id, before: each.rules }));
      // They are rendered by the rules of that moment, which may be newer than those that were asked by.
      by = bodies[0]!.rules;
      const digest = by;
      if (rendered === 0) await openStage(db, runId, stage, null);
      await db.transaction().execute(async (trx) => {
        await saveRenderedBodies(trx, digest, bodies);
        // Nothing of it was read from the site: it moves the stage alone.
        await countBatch(trx, runId, stage, noCounts, { requests: 0, points: 0 }, bodies.length);
      });
      rendered += bodies.length;
    }
    context.checkpointReached(`rendered ${rendered}`);
    // Rules that change meanwhile change for all: from the beginning.
    const now = currentRules(context);
    after = now === rules && by === rules ? next : '';
    rules = now;
  }
  await noteRenderedRules(db, connectionId, rules);
  if (rendered > 0) await closeStage(db, runId, stage, 'done');
  context.log.info({ rendered }, 'Stored bodies were rendered by the present content rules.');
}

function currentRules({ connection }: SyncContext): string {
  return rulesDigest(withDefaults(connection.settings.content));
}
