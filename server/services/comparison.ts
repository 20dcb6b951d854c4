import type { Kysely } from 'kysely';
import { compareSoon, loadComparisons } from '../../store/permission-comparison.ts';
import { listDisagreements } from '../../store/permission-disagreements.ts';
import type { Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, limitOf, pageOf } from '../paging.ts';
import type { ComparisonView, DisagreementView } from '../permission-views.ts';
import type { Page } from '../views.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest, SyncsService } from './contracts.ts';

/** How our answers compare with Confluence's own. */
export interface ComparisonService {
  get(actor: Actor, connectionId: string): Promise<ComparisonView>;
  disagreements(
    actor: Actor,
    connectionId: string,
    page?: PageRequest & { state?: 'open' | 'resolved' | undefined },
  ): Promise<Page<DisagreementView>>;
  /** Starts a permission sync that draws a sample at its end. @throws Conflict `sync_running`, `not_ready` */
  compareNow(actor: Actor, connectionId: string): Promise<void>;
}

export function createComparisonService(deps: {
  db: Kysely<Database>;
  syncs: Pick<SyncsService, 'start'>;
}): ComparisonService {
  const { db, syncs } = deps;
  return {
    async get(actor, connectionId) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      const found = (await loadComparisons(db, id)).get(id);
      const { comparedAt, ...rest } = found ?? nothing;
      return {
        ...rest,
        agreement: rest.compared === 0 ? null : rest.agreed / rest.compared,
        comparedAt: comparedAt?.toISOString() ?? null,
      };
    },
    async disagreements(actor, connectionId, page) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const after = cursorOf(page, cursorPatterns.number);
      const rows = await listDisagreements(db, id, { state: page?.state ?? null, after, limit: limit + 1 });
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        ({ ours, at, resolvedAt, ...row }) => ({
          ...row,
          tooOpen: ours,
          at: at.toISOString(),
          resolvedAt: resolvedAt?.toISOString() ?? null,
        }),
      );
    },
    async compareNow(actor, connectionId) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      await syncs.start(actor, id, { kind: 'permissions' });
      await compareSoon(db, id);
    },
  };
}

const nothing = { compared: 0, agreed: 0, open: 0, hidden: 0, comparedAt: null, refusal: null };
