import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceConfig } from '../config.ts';
import { createEcho } from './echo.ts';
import { serviceEnvironment } from './environment.ts';
import { workerNodeArgs } from '../temporal/node-args.ts';
import { errorIn } from '../process/ended.ts';
import { answers, startService, type Running } from '../process/service.ts';

const script = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Starters of Sluice's own processes; each resolves when the process does its work. */
export interface Services {
  sandbox(): Promise<Running>;
  server(): Promise<Running>;
  worker(): Promise<Running>;
}

/**
 * What each process is given, and how it is known to be ready. Their logs are files in the data folder; errors are
 * said in one line. `onSetupLink` hears of the one-time link with which the first administrator is made.
 */
export function createServices(options: {
  config: ServiceConfig & { workerMetricsPort: number };
  env: Record<string, string | undefined>;
  say: (line: string) => void;
  onSetupLink: (link: string) => void;
}): Services {
  const { config, say } = options;
  const env = serviceEnvironment(options.env, config);
  const logFile = (name: string) => join(config.dataDir, `${name}.log`);
  const errors = (name: string) => {
    const heard = createEcho();
    return (line: string) => {
      const message = errorIn(line);
      if (message !== undefined && heard(message)) say(`${name}: ${message} (${logFile(name)})`);
    };
  };
  const [serverErrors, workerErrors] = [errors('server'), errors('worker')];
  return {
    sandbox: () =>
      startService({
        script: script('sandbox/main.ts'),
        // The sandbox is a stranger to Sluice: it gets none of its secrets.
        env: {
          PATH: env['PATH'],
          HOME: env['HOME'],
          SANDBOX_PORT: String(config.sandboxPort),
          SANDBOX_REDIRECT_URI: `${config.publicUrl}/oauth/atlassian/callback`,
          SANDBOX_STATE_FILE: join(config.dataDir, 'sandbox.json'),
        },
        logFile: logFile('sandbox'),
        ready: () => answers(`http://127.0.0.1:${config.sandboxPort}/__sandbox`),
      }),
    server: () =>
      startService({
        script: script('server/main.ts'),
        env,
        logFile: logFile('server'),
        ready: () => answers(`http://127.0.0.1:${config.port}/healthz`),
        onLine: (line) => {
          const link = /https?:\/\/[^\s"]+\/setup\?token=[\w-]+/.exec(line)?.[0];
          if (link !== undefined) options.onSetupLink(link);
          serverErrors(line);
        },
      }),
    worker: () =>
      startService({
        script: script('temporal/worker.ts'),
        nodeArgs: workerNodeArgs,
        env: { ...env, METRICS_PORT: String(config.workerMetricsPort) },
        logFile: logFile('worker'),
        ready: () => answers(`http://127.0.0.1:${config.workerMetricsPort}/healthz`),
        onLine: workerErrors,
      }),
  };
}
