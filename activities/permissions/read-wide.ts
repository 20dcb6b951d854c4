import PQueue from 'p-queue';
import { loadPrints } from '../../store/access-prints.ts';
import { saveLayers } from '../../store/layers.ts';
import { groupsThatMatter } from '../../store/principals.ts';
import { settleAccess } from '../../store/settle.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { readAccounts } from '../names.ts';
import { loadMembers } from '../people.ts';
import { loadProductAccess } from '../product.ts';
import { readGovernance, readSpaceLayer, type Governance } from '../space-layer.ts';
import { changesBetween } from './changes.ts';
import { noteBatch, type Scene } from './scene.ts';

/** Reads what reaches far: who has the product, spaces, groups, accounts. Each function reads one step and notes it. */

export async function readProduct(scene: Scene): Promise<number> {
  const { context } = scene;
  const { db, connectionId } = context;
  const groups = await groupsThatMatter(db, connectionId, { unreadOnly: false });
  const [before, groupsBefore] = await Promise.all([
    loadPrints(db, connectionId, 'product', ['product']),
    loadPrints(db, connectionId, 'group', groups),
  ]);
  await loadProductAccess(context);
  const [after, groupsAfter] = await Promise.all([
    loadPrints(db, connectionId, 'product', ['product']),
    loadPrints(db, connectionId, 'group', groups),
  ]);
  // A first product layer is a part of every ACL; a changed one is a changed row.
  if (before.size === 0) await settleAccess(db, connectionId);
  const gone = new Map([...groupsBefore].filter(([id]) => !groupsAfter.has(id)));
  return noteBatch(scene, db, {
    kind: 'product',
    ids: ['product'],
    before,
    after,
    others: (told) => changesBetween('group', gone, new Map(), told),
  });
}

export async function createSpaceReading(scene: Scene): Promise<(ids: string[]) => Promise<number>> {
  const { context } = scene;
  const { db, connectionId } = context;
  const spaces = new Map((await loadSpaces(db, connectionId)).map((space) => [space.external_id, space]));
  let asked: { asOf: Date; governance: Governance } | null = null;
  return async (ids) => {
    const wanted = ids.flatMap((id) => spaces.get(id) ?? []);
    // What governs spaces is asked for once, before the first of them, and is as old as that.
    asked ??= { asOf: context.askedAt(), governance: await readGovernance(context) };
    const { asOf, governance } = asked;
    const layers = await Promise.all(
      wanted.map(async (space) => ({
        kind: 'space' as const,
        sourceId: space.external_id,
        reading: await readSpaceLayer(context, space, governance),
      })),
    );
    context.checkpointReached(`spaces, ${layers.length} more`);
    return db.transaction().execute(async (trx) => {
      const before = await loadPrints(trx, connectionId, 'space', ids);
      await saveLayers(trx, connectionId, layers, asOf, asOf);
      const after = await loadPrints(trx, connectionId, 'space', ids);
      return noteBatch(scene, trx, { kind: 'space', ids, before, after });
    });
  };
}

const concurrency = 6;

export async function readGroups(scene: Scene, ids: string[]): Promise<number> {
  const { context } = scene;
  const { db, connectionId } = context;
  const before = await loadPrints(db, connectionId, 'group', ids);
  const queue = new PQueue({ concurrency });
  await queue.addAll(ids.map((id) => () => loadMembers(context, id)));
  const after = await loadPrints(db, connectionId, 'group', ids);
  return noteBatch(scene, db, { kind: 'group', ids, before, after });
}

export async function readSomeAccounts(scene: Scene, ids: string[]): Promise<number> {
  const { context } = scene;
  const { db, connectionId } = context;
  const before = await loadPrints(db, connectionId, 'account', ids);
  await readAccounts(context, ids);
  const after = await loadPrints(db, connectionId, 'account', ids);
  return noteBatch(scene, db, { kind: 'account', ids, before, after });
}
