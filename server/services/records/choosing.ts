import type { Kysely, RawBuilder } from 'kysely';
import type { Logger } from '../../../log.ts';
import { choose, reachOfChoice } from '../../../store/record-choices.ts';
import { noteAskedFor } from '../../../store/record-events.ts';
import { countMatched } from '../../../store/records-matched.ts';
import { decideNow } from '../../../store/scope-decide.ts';
import type { Database } from '../../../store/schema.ts';
import type { ToldState } from '../../../store/told-state.ts';
import { requireAdministrator, type Actor } from '../../actor.ts';
import type { RunView } from '../../views.ts';
import { audit } from '../audit.ts';
import { existingConnection } from '../connection-rows.ts';
import type { SyncsService } from '../contracts.ts';
import { startScopeSync } from '../scope-sync.ts';
import { resolveTarget, type RecordTarget } from './target.ts';

/** What a choice reaches, before it is made. */
export interface ReachView {
  records: number;
  states: Partial<Record<ToldState, number>>;
  /** Of the place, the space or the selection. */
  name: string | null;
}

/** What a choice by hand came to. */
export interface ChosenView {
  /** Records that it reaches, with their comments and attachments, whatever the filters say of them. */
  records: number;
  /** Of these, what is not indexed any more from this moment on. */
  leftOut: number;
  /** Of these, what is wanted now and is read by the next sync. */
  takenIn: number;
  /** That sync, where one was started. */
  run: RunView | null;
}

/** Indexing and un-indexing by hand; for administrators. */
export interface RecordChoosing {
  reach(actor: Actor, connectionId: string, target: RecordTarget): Promise<ReachView>;
  /**
   * Takes records in, or leaves them out: what is left out is gone from search when this returns. What is taken in is read
   * by a sync that starts now, or by the next one; filters count all the same.
   * @throws InvalidInput unless one way of choosing is used; NotFound for what is not stored
   */
  choose(actor: Actor, connectionId: string, target: RecordTarget, indexed: boolean): Promise<ChosenView>;
}

export function createRecordChoosing(deps: {
  db: Kysely<Database>;
  syncs: Pick<SyncsService, 'start'>;
  log: Logger;
}): RecordChoosing {
  const { db } = deps;
  return {
    async reach(actor, connectionId, target) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const { conditions, name } = await resolveTarget(db, actor, connection, target);
      const states = await countMatched(db, connection.id, conditions);
      return { records: Object.values(states).reduce((sum, n) => sum + n, 0), states, name };
    },
    async choose(actor, connectionId, target, indexed) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const resolved = await resolveTarget(db, actor, connection, target);
      const { reach } = resolved;
      let records = 0;
      const batches: RawBuilder<boolean>[] = [];
      for await (const externalIds of resolved.batches()) {
        const choice = { connectionId: connection.id, reach, externalIds };
        const { affected } = await db.transaction().execute(async (trx) => {
          const chosen = await choose(trx, { ...choice, indexed, by: actor.userId });
          if (reach !== 'space') {
            const detail = { reach, by: actor.email };
            await noteAskedFor(trx, connection.id, indexed ? 'chosen' : 'unchosen', externalIds, detail);
          }
          return chosen;
        });
        records += affected;
        batches.push(reachOfChoice(choice));
      }
      // Each decision walks the whole tree: of several batches all is decided at once.
      const within = batches.length === 1 ? batches[0] : undefined;
      const decided =
        batches.length === 0 ? { leftOut: 0, takenIn: 0 } : await decideNow(db, connection.id, within);
      const total = { records, ...decided };
      const action = indexed ? 'records.index' : 'records.unindex';
      await audit(db, actor, action, connection.name, { after: { ...resolved.told, ...total } });
      const run = total.takenIn === 0 ? null : await startScopeSync(deps, actor, connection.id);
      return { ...total, run };
    },
  };
}
