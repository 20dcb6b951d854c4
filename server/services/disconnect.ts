import { moveConnection } from '../../store/connection-state.ts';
import {
  beginDeletion,
  countConnectionRows,
  deleteConnectionRows,
  openNoticesOf,
  otherUsesOfGrant,
} from '../../store/disconnection.ts';
import { closeNotice } from '../../store/notices.ts';
import type { Connection } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import type { ServiceDeps } from './deps.ts';
import { revokeGrant } from './grant-ends.ts';

/** Up to how many rows a connection is deleted within the request. */
export const fewRows = 20_000;
/** How long its last steps are waited for then. */
const patienceMs = 3_000;

/** What a disconnection deletes. */
export interface DisconnectPreview {
  /** By kind, most first. */
  records: { kind: string; records: number }[];
  spaces: number;
  people: number;
  groups: number;
  layers: number;
  runs: number;
  /** Of everything together. */
  rows: number;
  /** Who else uses the consent, which is kept then. */
  consent: { connections: string[]; people: number };
}

export interface DisconnectService {
  preview(actor: Actor, connectionId: string): Promise<DisconnectPreview>;
  /**
   * Hides everything at once, cancels, removes the schedules, revokes as far as Atlassian allows, deletes every row.
   * Asked again, it goes on.
   * @returns whether all is gone already, or a worker deletes on: where there is much, or the engine is away
   */
  remove(actor: Actor, connectionId: string): Promise<'deleted' | 'deleting'>;
}

export function createDisconnectService(deps: ServiceDeps): DisconnectService {
  const { db, engine, log } = deps;

  /** True when runs are cancelled and schedules gone; a worker makes up for it otherwise. */
  const stopRuns = async ({ id }: Connection): Promise<boolean> => {
    const told = await Promise.allSettled([engine.cancelRun(id), engine.removeSchedule(id)]);
    const failed = told.find((result) => result.status === 'rejected');
    if (failed === undefined) return true;
    log.warn(
      { connectionId: id, reason: String(failed.reason) },
      'The engine could not be told of a deletion yet.',
    );
    return false;
  };

  /** From here on nobody finds anything of it. */
  const hide = (actor: Actor, { id }: Connection, rows: number): Promise<void> =>
    db.transaction().execute(async (tx) => {
      const moved = await moveConnection(tx, id, 'disconnected');
      if (moved === undefined || moved.before.status === 'disconnecting') return;
      await beginDeletion(tx, id, rows);
      for (const { code, subject } of await openNoticesOf(tx, id)) {
        await closeNotice(tx, { connectionId: id, code, subject });
      }
      await audit(tx, actor, 'connection.remove', moved.before.name, {
        before: { id, siteUrl: moved.before.site_url, rows },
      });
    });

  return {
    async preview(actor, connectionId) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      const [counts, records, consent] = await Promise.all([
        countConnectionRows(db, id),
        db
          .selectFrom('records')
          .select(['kind', (eb) => eb.fn.countAll<string>().as('n')])
          .where('connection_id', '=', id)
          .groupBy('kind')
          .execute(),
        otherUsesOfGrant(db, id),
      ]);
      const of = (table: string) => counts.get(table) ?? 0;
      return {
        records: records
          .map(({ kind, n }) => ({ kind, records: Number(n) }))
          .sort((a, b) => b.records - a.records),
        spaces: of('spaces'),
        people: of('atlassian_accounts'),
        groups: of('atlassian_groups'),
        layers: of('acl_layers'),
        runs: of('sync_runs'),
        rows: sum(counts),
        consent,
      };
    },
    async remove(actor, connectionId) {
      requireAdministrator(actor);
      const row = await existingConnection(db, connectionId);
      const { id } = row;
      const rows = sum(await countConnectionRows(db, id));
      await hide(actor, row, rows);
      const stopped = await stopRuns(row);
      if (row.grant_id !== null && !(await isUsedElsewhere(id))) await revokeGrant(deps, row.grant_id);
      if (stopped && rows < fewRows) {
        await deleteConnectionRows(db, id, { patienceMs, between: () => {} });
        return 'deleted';
      }
      await engine.startDisconnection(id).catch((error: unknown) => {
        log.warn({ connectionId: id, reason: String(error) }, 'A worker takes the deletion up when it can.');
      });
      return 'deleting';
    },
  };

  async function isUsedElsewhere(id: string): Promise<boolean> {
    const { connections, people } = await otherUsesOfGrant(db, id);
    return connections.length > 0 || people > 0;
  }
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0);
