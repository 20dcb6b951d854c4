import type { Kysely } from 'kysely';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { findBrake, listBrakes, settleBrake, type Brake } from '../../store/brakes.ts';
import { listRemovals } from '../../store/removals.ts';
import { sweepSoon } from '../../store/sweep-parts.ts';
import type { Connection, Database, RemovalCause } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, idOf, limitOf, pageOf } from '../paging.ts';
import type { Page, RunView } from '../views.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest, SyncsService } from './contracts.ts';
import { removalCauses, removalReason } from './removal-words.ts';

/** One record that was removed. */
export interface RemovalView {
  id: string;
  at: string;
  externalId: string;
  type: string;
  title: string;
  url: string;
  spaceKey: string | null;
  cause: RemovalCause;
  /** The cause in words. */
  reason: string;
  runId: string | null;
}

/** A removal of so much at once that an administrator is asked first. What it is about is hidden meanwhile. */
export interface BrakeView {
  id: string;
  scope: 'connection' | 'space';
  /** External id; null where it is about the connection as a whole. */
  spaceId: string | null;
  name: string;
  /** Records that are gone, of so many. */
  found: number;
  total: number;
  causes: { cause: RemovalCause; records: number; reason: string }[];
  sample: { externalId: string; type: string; title: string; url: string; cause: RemovalCause }[];
  state: Brake['state'];
  askedAt: string;
  decidedAt: string | null;
}

export type BrakeDecision = 'remove' | 'keep';

export interface RemovalsService {
  /** What waits for a decision, then what was decided to be kept and is hidden still. */
  brakes(actor: Actor, connectionId: string): Promise<BrakeView[]>;
  /**
   * Removes what had vanished when it was asked, with a run that starts now or with the next one; or keeps it hidden
   * until it shows up again: the next sweep looks there first. What was kept can be removed later.
   * @throws Conflict `brake_decided` where it was removed or has shown up again meanwhile
   */
  decide(
    actor: Actor,
    connectionId: string,
    brakeId: string,
    decision: BrakeDecision,
  ): Promise<{ brake: BrakeView; run: RunView | null }>;
  /** Newest first. */
  list(
    actor: Actor,
    connectionId: string,
    page?: PageRequest & { cause?: string | undefined; q?: string | undefined },
  ): Promise<Page<RemovalView>>;
}

export function createRemovalsService(deps: {
  db: Kysely<Database>;
  syncs: Pick<SyncsService, 'start'>;
}): RemovalsService {
  const { db, syncs } = deps;
  return {
    async brakes(actor, connectionId) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      return (await listBrakes(db, connection.id)).map((brake) => presentBrake(brake, connection));
    },
    async decide(actor, connectionId, brakeId, decision) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const settled = await db.transaction().execute(async (trx) => {
        const brake = await findBrake(trx, connection.id, idOf('This question', brakeId));
        if (brake === undefined) throw new NotFound('This question');
        if (brake.state !== 'asked' && !(brake.state === 'kept' && decision === 'remove')) {
          throw new Conflict(
            'brake_decided',
            `It is decided already, or what was missing of "${brake.name}" has shown up again. Look at the list anew.`,
          );
        }
        const state = decision === 'remove' ? 'confirmed' : 'kept';
        await settleBrake(trx, brake, state, actor.userId);
        if (decision === 'keep') await sweepSoon(trx, connection.id, brake.scope);
        await audit(trx, actor, `removal.${decision}`, connection.name, {
          before: { state: brake.state },
          after: { state, of: brake.name, records: Number(brake.found) },
        });
        return brake;
      });
      const run =
        decision === 'remove'
          ? await startNow(() => syncs.start(actor, connection.id, { kind: 'incremental' }))
          : null;
      const brake = await findBrake(db, connection.id, settled.id);
      return { brake: presentBrake(brake ?? settled, connection), run };
    },
    async list(actor, connectionId, page) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.number);
      const cause = removalCauses.find((known) => known === page?.cause) ?? null;
      if (page?.cause !== undefined && cause === null) {
        throw new InvalidInput({ cause: `One of ${removalCauses.join(', ')}.` });
      }
      const q = (page?.q ?? '').trim().slice(0, 200);
      const rows = await listRemovals(db, connection.id, { cause, q, before, limit: limit + 1 });
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        ({ kind, at, ...row }) => ({
          ...row,
          type: kind,
          at: at.toISOString(),
          reason: removalReason(row.cause, connection.account_name),
        }),
      );
    },
  };
}

/** Where a run is on, or none may start, the next one removes it. */
async function startNow(start: () => Promise<RunView>): Promise<RunView | null> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Conflict) return null;
    throw error;
  }
}

function presentBrake(brake: Brake, connection: Connection): BrakeView {
  const isWhole = brake.scope === 'connection';
  return {
    id: brake.id,
    scope: isWhole ? 'connection' : 'space',
    spaceId: isWhole ? null : brake.scope,
    name: brake.name,
    found: Number(brake.found),
    total: Number(brake.total),
    causes: removalCauses.flatMap((cause) => {
      const records = brake.causes[cause] ?? 0;
      return records === 0 ? [] : [{ cause, records, reason: removalReason(cause, connection.account_name) }];
    }),
    sample: brake.sample.map(({ kind, ...one }) => ({ ...one, type: kind })),
    state: brake.state,
    askedAt: brake.asked_at.toISOString(),
    decidedAt: brake.decided_at?.toISOString() ?? null,
  };
}
