import type { Kysely } from 'kysely';
import { Conflict, InvalidInput } from '../../errors.ts';
import { makeFailuresDue, type FailureChoice } from '../../store/failures.ts';
import { countFailures, listFailures, type FailurePlace } from '../../store/failures-read.ts';
import { findOpenRun } from '../../store/runs-read.ts';
import type { Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, limitOf, pageOf } from '../paging.ts';
import type { FailureView, Page, RunView } from '../views.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest, SyncsService } from './contracts.ts';
import { presentFailure } from './present-failure.ts';
import { presentRun } from './present-run.ts';

export interface FailurePage extends Page<FailureView> {
  /** How many items of each stage are failed, most first, whatever the list is narrowed to. */
  counts: { stage: string; items: number }[];
}

export interface RetryRequest {
  items?: { stage: string; externalId: string }[] | undefined;
  stage?: string | undefined;
  all?: boolean | undefined;
}

/** What could not be read, and when it is tried again; for administrators. */
export interface FailuresService {
  /** By stage, then by id. @throws InvalidInput at `cursor`, `limit` */
  list(
    actor: Actor,
    connectionId: string,
    page?: PageRequest & { stage?: string | undefined; q?: string | undefined },
  ): Promise<FailurePage>;
  /**
   * Makes items due and starts a sync that tries them; where one is under way, that one or the next does.
   * @throws InvalidInput where nothing is chosen; Conflict `not_failed` where nothing of it is failed any more, and where no
   * sync may start
   */
  retry(actor: Actor, connectionId: string, request: RetryRequest): Promise<RunView>;
}

/** How many items can be named in one request. */
export const retriedAtMost = 500;
const cursorPattern = /^[^\0\n]{1,100}\n[^\0]{1,400}$/;

export function createFailuresService(deps: {
  db: Kysely<Database>;
  syncs: Pick<SyncsService, 'start'>;
}): FailuresService {
  const { db, syncs } = deps;
  return {
    async list(actor, connectionId, page) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const q = page?.q?.trim().slice(0, 200) ?? '';
      const options = {
        stage: page?.stage ?? null,
        q: q === '' ? null : q,
        after: placeOf(cursorOf(page, cursorPattern)),
        limit: limit + 1,
      };
      const [rows, counts] = await Promise.all([
        listFailures(db, connection.id, options),
        countFailures(db, connection.id),
      ]);
      return { ...pageOf(rows, limit, (row) => `${row.stage}\n${row.external_id}`, presentFailure), counts };
    },
    async retry(actor, connectionId, request) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const choice = choiceOf(request);
      const due = await makeFailuresDue(db, connection.id, choice);
      if (due === 0) {
        throw new Conflict('not_failed', 'None of this is failed any more. Load the list again.');
      }
      await audit(db, actor, 'failures.retry', connection.name, { after: { items: due } });
      const open = await findOpenRun(db, connection.id, false);
      return open === undefined
        ? syncs.start(actor, connection.id, { kind: 'incremental' })
        : presentRun(open);
    },
  };
}

/** @throws InvalidInput unless exactly one way of choosing is used */
function choiceOf({ items, stage, all }: RetryRequest): FailureChoice {
  const given = [items !== undefined && items.length > 0, stage !== undefined, all === true];
  if (given.filter(Boolean).length !== 1) {
    throw new InvalidInput({ items: 'Give "items", or a "stage", or "all": true.' });
  }
  if (all === true) return 'all';
  return stage === undefined ? { items: items ?? [] } : { stage };
}

function placeOf(key: string | null): FailurePlace | null {
  const [stage = '', externalId = ''] = key?.split('\n') ?? [];
  return key === null ? null : { stage, externalId };
}
