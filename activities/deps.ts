import type { Kysely } from 'kysely';
import type { ConfluenceReader } from '../atlassian/confluence/types.ts';
import type { Logger } from '../log.ts';
import type { Connection, Database } from '../store/schema.ts';

/** A connection's site, opened with its credential. */
export interface OpenSite {
  reader: ConfluenceReader;
  /** What was spent since the last call: for the run's counters. */
  takeSpent(): { requests: number; points: number };
  /** Writes what the budget has not written yet. */
  close(): Promise<void>;
}

export interface ActivityDeps {
  db: Kysely<Database>;
  log: Logger;
  openSite(connection: Connection, signal: AbortSignal): Promise<OpenSite>;
  /** Up to how many records a site is read whole each time; 5,000 unless told. */
  smallSite?: number;
  /** The hourly points of an OAuth app, of which permission syncs take a share; Atlassian's default unless told. */
  hourlyPoints?: number;
}

/** Which run of which connection an activity works for. All that ever stands in a workflow's history. */
export interface RunRef {
  connectionId: string;
  runId: string;
}
