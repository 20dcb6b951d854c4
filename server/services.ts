import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from '../temporal/engine.ts';

export type { Services } from './services/contracts.ts';

/** What every service stands on. */
export interface ServiceDeps {
  db: Kysely<Database>;
  engine: SyncEngine;
  log: Logger;
  /** Without a trailing slash; the callback is `<publicUrl>/oauth/atlassian/callback`. */
  publicUrl: string;
}
