import type { Kysely } from 'kysely';
import type { ConfluenceReader } from '../atlassian/confluence/types.ts';
import type { Extractor } from '../extraction/extractor.ts';
import type { Logger } from '../log.ts';
import type { Connection, Database } from '../store/schema.ts';
import type { Reach } from './credentials/reach.ts';

/** A connection's site, opened with its credential. */
export interface OpenSite {
  reader: ConfluenceReader;
  /** What was spent since the last call: for the run's counters. */
  takeSpent(): { requests: number; points: number };
  /** What the credential reaches now: one request or two. Absent where a test's site has none. */
  reach?(): Promise<Reach>;
  /** Takes over changed settings and a changed credential from the next request on; the step goes on. */
  refresh?(connection: Connection): Promise<void> | void;
  /** Writes what the budget has not written yet. */
  close(): Promise<void>;
}

export interface ActivityDeps {
  db: Kysely<Database>;
  log: Logger;
  openSite(
    connection: Connection,
    signal: AbortSignal,
    purpose?: 'content' | 'permissions',
  ): Promise<OpenSite>;
  /** Reads the text of files; one for the process unless given. */
  extractor?: Extractor;
  /** The hourly points of an OAuth app, of which permission syncs take a share; Atlassian's default unless told. */
  hourlyPoints?: number;
}

/** Which run of which connection an activity works for. All that ever stands in a workflow's history. */
export interface RunRef {
  connectionId: string;
  runId: string;
}
