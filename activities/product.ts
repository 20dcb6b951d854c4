import { productLayer, unknownLayer } from '../permissions/readings.ts';
import { saveGroups } from '../store/accounts.ts';
import { hasLaterLayer, saveLayers } from '../store/layers.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';
import { readVisitors } from './visitors.ts';

/** Reads the site's groups and which of them open the product: its first layer. */
export async function loadProductAccess(context: SyncContext): Promise<void> {
  const { db, connectionId, reader } = context;
  const asOf = context.askedAt();
  try {
    const [opens, administers, all, visitors] = await Promise.all([
      reader.listGroups({ accessType: 'user' }),
      reader.listGroups({ accessType: 'admin' }),
      reader.listGroups({}),
      readVisitors(context),
    ]);
    const known = new Map([...all, ...opens, ...administers].map((group) => [group.id, group.name]));
    await db.transaction().execute(async (trx) => {
      if (await hasLaterLayer(trx, connectionId, 'product', 'product', asOf)) return;
      await saveGroups(
        trx,
        connectionId,
        [...known].map(([groupId, name]) => ({ groupId, name })),
        {
          opensProduct: new Set(opens.map((group) => group.id)),
          administers: new Set(administers.map((group) => group.id)),
        },
      );
      const reading = productLayer(
        opens.map((group) => group.id),
        visitors,
      );
      await saveLayers(trx, connectionId, [{ kind: 'product', sourceId: 'product', reading }], asOf);
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, 'The groups that open Confluence could not be read, so nobody sees anything.', error);
    const reading = unknownLayer(error.message);
    await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading }], asOf);
  }
}
