import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { closeNotice, openNotice, type NoticeKey } from '../store/notices.ts';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from '../temporal/engine.ts';

const everyMs = 30_000;

/** One answer that fails to come may be a restart; what stays away this often in a row is told. */
const missesToTell = 2;

const key: NoticeKey = { connectionId: null, code: 'engine_away' };

export interface EngineWatch {
  /** One look, now; `everyMs` does it by the clock. */
  look(): Promise<void>;
  /** Resolves when no look is under way. */
  stop(): Promise<void>;
}

/**
 * The server's own look at the engine: whether it answers, and whether runs give signs of life. Workers look, too, but
 * of no worker at all only the server can tell. Any number of servers may look: a notice is told once.
 */
export function watchEngine(deps: {
  db: Kysely<Database>;
  engine: Pick<SyncEngine, 'health' | 'noticeStuckRuns'>;
  log: Logger;
}): EngineWatch {
  const { db, engine, log } = deps;
  let misses = 0;
  let current: Promise<void> | null = null;

  async function lookOnce(): Promise<void> {
    const { ok } = await engine.health();
    misses = ok ? 0 : misses + 1;
    if (ok) {
      await closeNotice(db, key);
      await engine.noticeStuckRuns();
    } else if (misses >= missesToTell) {
      const message =
        'Temporal, the engine of all syncs, does not answer. Syncs rest until it does and then go on where they stopped; nothing is lost, and search works. Start Temporal, or look at TEMPORAL_ADDRESS.';
      await openNotice(db, { ...key, severity: 'error', message });
    }
  }
  const look = () => {
    current ??= lookOnce()
      .catch((error: unknown) => log.warn({ err: error }, 'The engine could not be looked at.'))
      .finally(() => {
        current = null;
      });
    return current;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    look,
    async stop() {
      clearInterval(timer);
      await current;
    },
  };
}
