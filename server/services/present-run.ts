import { readBefore } from '../../store/checkpoints.ts';
import type { FailureRow } from '../../store/failures-read.ts';
import type { LogLine } from '../../store/run-log-read.ts';
import type { SyncRun, SyncStage } from '../../store/schema.ts';
import type { LogLineView, ProgressView, RunView } from '../views.ts';
import { presentFailure } from './present-failure.ts';

export const presentRun = (run: SyncRun): RunView => presentRunAt(run, new Date());

/** `now` ends an unfinished run's time. */
function presentRunAt(run: SyncRun, now: Date): RunView {
  return {
    id: run.id,
    connectionId: run.connection_id,
    kind: run.kind === 'dry_run' ? 'full' : run.kind,
    dryRun: run.kind === 'dry_run',
    trigger: run.trigger,
    state: run.state,
    cause: run.cause,
    message: run.message,
    counts: {
      seen: Number(run.seen),
      indexed: Number(run.indexed),
      unchanged: Number(run.unchanged),
      filtered: Number(run.filtered),
      failed: Number(run.failed),
      deleted: Number(run.deleted),
    },
    requests: Number(run.requests),
    points: Number(run.points),
    waitingUntil: run.waiting_until?.toISOString() ?? null,
    heartbeatAt: run.heartbeat_at?.toISOString() ?? null,
    changes: run.changes,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    durationSeconds: run.started_at === null ? null : Math.round(secondsOf(run, now)),
  };
}

/** A run with its stages, its pace so far and what that leaves to do. `now` ends an unfinished run's time. */
export function presentProgress(
  run: SyncRun,
  stages: SyncStage[],
  failures: FailureRow[],
  now: Date,
): ProgressView {
  const seconds = secondsOf(run, now);
  // What an earlier run had read says nothing about the pace of this one.
  const own = stages.filter((stage) => stage.stage !== readBefore);
  const done = own.reduce((sum, stage) => sum + Number(stage.done), 0);
  const rate = seconds >= 1 && done > 0 ? done / seconds : null;
  const left = stages
    .filter((stage) => stage.state === 'running')
    .map((stage) => (stage.total === null ? null : Math.max(0, Number(stage.total) - Number(stage.done))));
  // A stage that cannot say its length is short beside those that can.
  const known = left.some((each) => each !== null);
  const remaining = left.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return {
    ...presentRunAt(run, now),
    stages: stages.map((stage) => ({
      stage: stage.stage,
      state: stage.state,
      done: Number(stage.done),
      total: stage.total === null ? null : Number(stage.total),
    })),
    rate: rate === null ? null : Math.round(rate * 10) / 10,
    // Of one that rests or waits, its pace so far says nothing.
    remainingSeconds: run.state === 'running' && rate !== null && known ? Math.ceil(remaining / rate) : null,
    failures: failures.map(presentFailure),
  };
}

function secondsOf({ started_at, finished_at }: SyncRun, now: Date): number {
  return started_at === null ? 0 : ((finished_at ?? now).getTime() - started_at.getTime()) / 1_000;
}

export function presentLogLine(line: LogLine): LogLineView {
  return {
    id: line.id,
    at: line.at.toISOString(),
    level: line.level,
    message: line.message,
    item: line.item,
    url: line.url,
    status: line.status,
    traceId: line.trace_id,
  };
}
