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
    const [database, engine] = await Promise.all([databaseHealth(deps.db), soon(deps.engine.health())]);
    res.status(database.ok ? 200 : 503).json({ ok: database.ok, checks: { database, engine } });
  });
  return router;
}

/** Probes wait a second or so: an engine that is slower than this is told as away. */
async function soon(health: Promise<{ ok: boolean; message: string }>) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ok: boolean; message: string }>((resolve) => {
    const message = 'Temporal has not answered in time. Syncs wait until it does; nothing is lost.';
    timer = setTimeout(() => resolve({ ok: false, message }), 700);
  });
  try {
    return await Promise.race([health, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function databaseHealth(db: Kysely<Database>): Promise<{ ok: boolean; message: string }> {
  try {
    await sql`select 1`.execute(db);
    return { ok: true, message: 'PostgreSQL answers.' };
  } catch {
    return { ok: false, message: 'PostgreSQL does not answer.' };
  }
}
