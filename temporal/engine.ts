import type { SyncKind } from '../store/schema.ts';

/** What the server asks of the workflow engine. Implemented over Temporal in client.ts; faked in tests as an object. */
export interface SyncEngine {
  /** Starts the workflow of a run that is already stored as `queued`. Idempotent per run. */
  startRun(run: { runId: string; connectionId: string; kind: SyncKind }): Promise<void>;
  /** Creates, changes or removes the schedule so that it matches the connection's settings and status. */
  applySchedule(connectionId: string): Promise<void>;
  removeSchedule(connectionId: string): Promise<void>;
  /** Asks a running workflow to stop after its current batch. */
  cancelRun(connectionId: string): Promise<void>;
  /** True when the engine answers; the message says what is wrong otherwise. */
  health(): Promise<{ ok: boolean; message: string }>;
}
