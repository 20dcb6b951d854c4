import { Router } from 'express';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from '../temporal/engine.ts';

/**
 * `/healthz`: the process lives (for restarting it). `/readyz`: it can do its work (for sending it requests): the
 * database answers. The engine is told of and does not count: search works without it.
 */
export function healthRouter(deps: { db: Kysely<Database>; engine: Pick<SyncEngine, 'health'> }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.json({ ok: true }));
  router.get('/readyz', async (_req, res) => {
    const [database, engine] = await Promise.all([databaseHealth(deps.db), deps.engine.health()]);
    res.status(database.ok ? 200 : 503).json({ ok: database.ok, checks: { database, engine } });
  });
  return router;
}

async function databaseHealth(db: Kysely<Database>): Promise<{ ok: boolean; message: string }> {
  try {
    await sql`select 1`.execute(db);
    return { ok: true, message: 'PostgreSQL answers.' };
  } catch {
    return { ok: false, message: 'PostgreSQL does not answer.' };
  }
}
