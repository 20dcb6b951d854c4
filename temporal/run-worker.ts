import { DefaultLogger, NativeConnection, Runtime, Worker, type LogLevel } from '@temporalio/worker';
import { createActivities } from '../activities/create.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import type { Logger } from '../log.ts';
import { bundleWorkflows } from './bundle.ts';
import { taskQueue as defaultTaskQueue } from './names.ts';

export interface WorkerOptions extends ActivityDeps {
  connection: NativeConnection;
  namespace: string;
  taskQueue?: string;
}

export interface RunningWorker {
  /** Resolves when the worker has stopped, rejects when it broke. */
  finished: Promise<void>;
  /** Stops taking work; steps that are under way stop at their next batch and are taken up by another worker. */
  stop(): Promise<void>;
}

/** Starts one worker: it bundles workflows/ and polls the task queue. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const bundle = await bundleWorkflows();
  const worker = await Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? defaultTaskQueue,
    workflowBundle: { codePath: bundle.codePath },
    activities: createActivities(options),
    maxConcurrentActivityTaskExecutions: 20,
    shutdownGraceTime: '5 seconds',
    // The answer to a heartbeat tells a step that it is to stop: a cancelled sync stops within about a second.
    maxHeartbeatThrottleInterval: '1 second',
  });
  const finished = worker.run().finally(bundle.remove);
  finished.catch(() => {});
  return {
    finished,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished;
    },
  };
}

let installed = false;

/** Sends the SDK's own messages to our log. Call before the first worker; the process keeps the first log it is given. */
export function installLogging(log: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      log[pinoLevel(level)](
        { temporal: meta?.['error'] instanceof Error ? meta['error'].message : undefined },
        message,
      );
    }),
  });
}

function pinoLevel(level: LogLevel): 'error' | 'warn' | 'info' | 'debug' {
  switch (level) {
    case 'ERROR':
      return 'error';
    case 'WARN':
      return 'warn';
    case 'INFO':
      return 'info';
    default:
      return 'debug';
  }
}
