import type { Kysely } from 'kysely';
import { Conflict, InvalidInput, NotFound } from '../../../errors.ts';
import type { RecordFilters } from '../../../search/record-conditions.ts';
import {
  countSelections,
  deleteSelection,
  findSelection,
  insertSelection,
  listSelections,
} from '../../../store/record-selections.ts';
import type { Database } from '../../../store/schema.ts';
import { requireAdministrator, type Actor } from '../../actor.ts';
import { idOf } from '../../paging.ts';
import { audit } from '../audit.ts';
import { existingConnection } from '../connection-rows.ts';

/** Filters of a list of records under a name: what fits them is looked up whenever it is used. */
export interface SelectionView {
  id: string;
  name: string;
  filters: Record<string, unknown>;
  createdBy: string | null;
  createdAt: string;
}

export interface SelectionsService {
  list(actor: Actor, connectionId: string): Promise<SelectionView[]>;
  /** @throws Conflict `selection_name_taken`, `too_many_selections` */
  save(
    actor: Actor,
    connectionId: string,
    input: { name: string; filters: RecordFilters },
  ): Promise<SelectionView>;
  remove(actor: Actor, connectionId: string, id: string): Promise<void>;
}

const mostSelections = 200;

export function createSelectionsService({ db }: { db: Kysely<Database> }): SelectionsService {
  const list = async (connectionId: string) =>
    (await listSelections(db, connectionId)).map(({ query, createdAt, ...row }) => ({
      ...row,
      filters: query,
      createdAt: createdAt.toISOString(),
    }));
  return {
    async list(actor, connectionId) {
      requireAdministrator(actor);
      return list((await existingConnection(db, connectionId)).id);
    },
    async save(actor, connectionId, { name, filters }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const trimmed = name.trim();
      if (trimmed === '' || trimmed.length > 100) {
        throw new InvalidInput({ name: 'Give the selection a name of at most 100 characters.' });
      }
      if ((await countSelections(db, connection.id)) >= mostSelections) {
        const message = `A connection keeps at most ${mostSelections} selections. Delete one first.`;
        throw new Conflict('too_many_selections', message);
      }
      const query = JSON.parse(JSON.stringify(filters)) as Record<string, unknown>;
      const id = await db.transaction().execute(async (trx) => {
        const made = await insertSelection(trx, {
          connectionId: connection.id,
          name: trimmed,
          query,
          by: actor.userId,
        });
        if (made !== undefined) {
          await audit(trx, actor, 'selection.create', connection.name, { after: { name: trimmed, query } });
        }
        return made;
      });
      const saved = (await list(connection.id)).find((one) => one.id === id);
      if (saved === undefined) {
        throw new Conflict(
          'selection_name_taken',
          `There is a selection "${trimmed}" already. Take another name.`,
        );
      }
      return saved;
    },
    async remove(actor, connectionId, id) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const saved = await findSelection(db, connection.id, idOf('This selection', id));
      if (saved === undefined) throw new NotFound('This selection');
      await db.transaction().execute(async (trx) => {
        await deleteSelection(trx, connection.id, saved.id);
        await audit(trx, actor, 'selection.delete', connection.name, {
          before: { name: saved.name, query: saved.query },
        });
      });
    },
  };
}
