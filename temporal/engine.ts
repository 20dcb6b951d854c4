import type { RunKind } from '../store/schema.ts';

/** What the server asks of the workflow engine. Implemented over Temporal in client.ts; faked in tests as an object. */
export interface SyncEngine {
  /** Starts the workflow of a run that is already stored as `queued`. Idempotent per run. */
  startRun(run: { runId: string; connectionId: string; kind: RunKind }): Promise<void>;
  /**
   * Creates, changes or removes the schedules of content and of permissions, as settings and status want them. A run
   * under way is told too, as by `steerRun`.
   */
  applySchedule(connectionId: string): Promise<void>;
  /** Removes both: that of content and that of permissions. */
  removeSchedule(connectionId: string): Promise<void>;
  /** Asks the running workflows, of content and of permissions, to stop after their current batch. */
  cancelRun(connectionId: string): Promise<void>;
  /**
   * Tells the running workflow of content, if there is one, that its connection is wanted otherwise now: what is so is
   * in the database, the signal only says when to look. A lost one is made up for by the run's own look each second.
   */
  steerRun(connectionId: string, change: SteeringSignal): Promise<void>;
  /** Has a connection that is disconnecting deleted by a worker; what goes on already is left alone. */
  startDisconnection(connectionId: string): Promise<void>;
  /** When the schedules of content start next, five times at most each; null while the engine does not answer. */
  nextRuns(connectionIds: readonly string[]): Promise<Map<string, Date[]> | null>;
  /** Tells administrators of runs that give no sign of life, and takes it back when life returns. */
  noticeStuckRuns(): Promise<void>;
  /** True when the engine answers; the message says what is wrong otherwise. */
  health(): Promise<{ ok: boolean; message: string }>;
}

/** The names of the workflows' signals (workflows/steering.ts). */
export type SteeringSignal = 'pause' | 'resume' | 'reconfigure';
