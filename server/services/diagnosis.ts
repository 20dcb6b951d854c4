import type { Kysely } from 'kysely';
import type { Connection, Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import type { Diagnosis } from '../diagnosis/check.ts';
import type { Diagnose } from '../diagnosis/diagnosis.ts';
import { existingConnection } from './connection-rows.ts';

/** Looks at all that a sync stands on; for administrators. */
export interface DiagnosisService {
  /**
   * @param request.connection its id; without one the first few are looked at
   * @param request.origin where the caller has reached us
   * @throws NotFound
   */
  run(
    actor: Actor,
    request?: { connection?: string | undefined; origin?: string | undefined },
  ): Promise<Diagnosis>;
}

export function createDiagnosisService(deps: { db: Kysely<Database>; diagnose: Diagnose }): DiagnosisService {
  /** Of whoever presses again before it has ended, nothing more is asked of a site. */
  const underWay = new Map<string, Promise<Diagnosis>>();
  return {
    async run(actor, { connection: id, origin } = {}) {
      requireAdministrator(actor);
      const connection: Connection | null = id === undefined ? null : await existingConnection(deps.db, id);
      const key = `${connection?.id ?? ''} ${origin ?? ''}`;
      const same = underWay.get(key);
      if (same !== undefined) return same;
      const run = deps
        .diagnose({ connection, origin: origin ?? null })
        .finally(() => void underWay.delete(key));
      underWay.set(key, run);
      return run;
    },
  };
}
