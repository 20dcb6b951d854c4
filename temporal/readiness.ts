import { sql, type Kysely } from 'kysely';
import { missingMigrations } from '../store/database.ts';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from './engine.ts';

export interface Check {
  ok: boolean;
  message: string;
}

/** Whether a process can do its work now, and each thing that it stands on by name. */
export interface Readiness {
  ok: boolean;
  checks: Record<'database' | 'migrations' | 'engine', Check>;
}

/** Probes wait a second or so: what is slower than this is told as away. */
const patienceMs = 700;

/**
 * Looks at everything at once, and never longer than a probe waits. `needsEngine`: a worker does nothing without
 * Temporal, while a server searches on; of a server it is told and does not count.
 */
export async function readReadiness(deps: {
  db: Kysely<Database>;
  engine: Pick<SyncEngine, 'health'>;
  needsEngine: boolean;
}): Promise<Readiness> {
  const { db, engine, needsEngine } = deps;
  const [database, migrations, temporal] = await Promise.all([
    soon(databaseHealth(db), 'PostgreSQL does not answer in time.'),
    soon(migrationsHealth(db), 'PostgreSQL does not answer in time.'),
    soon(engine.health(), 'Temporal has not answered in time. Syncs wait until it does; nothing is lost.'),
  ]);
  const ok = database.ok && migrations.ok && (temporal.ok || !needsEngine);
  return { ok, checks: { database, migrations, engine: temporal } };
}

async function soon(health: Promise<Check>, late: string): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, message: late }), patienceMs);
  });
  try {
    return await Promise.race([health, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function databaseHealth(db: Kysely<Database>): Promise<Check> {
  try {
    await sql`select 1`.execute(db);
    return { ok: true, message: 'PostgreSQL answers.' };
  } catch {
    return { ok: false, message: 'PostgreSQL does not answer.' };
  }
}

/** A schema that is newer than this version is none of its business: a rolling upgrade must not stop the old ones. */
async function migrationsHealth(db: Kysely<Database>): Promise<Check> {
  try {
    const missing = await missingMigrations(db);
    if (missing.length === 0) return { ok: true, message: 'The schema is as new as this version.' };
    const message = `The schema lacks ${missing.join(', ')}. Whichever process starts next brings it up.`;
    return { ok: false, message };
  } catch {
    return { ok: false, message: 'The schema could not be looked at.' };
  }
}
