import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createSandbox } from './app.ts';
import type { SandboxContext } from './context.ts';
import type { SandboxOptions } from './options.ts';
import { keepState } from './state-file.ts';
import { createDemonstration } from './world/demonstration.ts';
import type { World } from './world/types.ts';

export interface RunningSandbox {
  /** e.g. `http://localhost:4000` */
  url: string;
  port: number;
  context: SandboxContext;
  close(): Promise<void>;
}

export interface SandboxStart {
  /** 0 for any free port. */
  port: number;
  /** The demonstration when absent. */
  world?: World;
  options?: Partial<SandboxOptions>;
  /** The only callback of the demonstration's app. */
  redirectUri?: string;
  /** Loopback unless told otherwise: who reaches the sandbox can sign in as anybody in it. */
  host?: string;
  /** A file that keeps what was issued, so that a restarted sandbox knows its tokens. */
  stateFile?: string;
}

/** Starts the simulated Atlassian; rejects when the port is taken. */
export async function startSandbox({
  port,
  world,
  options = {},
  redirectUri,
  host = '127.0.0.1',
  stateFile,
}: SandboxStart): Promise<RunningSandbox> {
  const { app, context } = createSandbox({
    world: world ?? createDemonstration(redirectUri === undefined ? {} : { redirectUri }),
    options,
  });
  const keeper = stateFile === undefined ? null : keepState(stateFile, context.grants);
  const server = createServer(app);
  // As load balancers do: a client that pauses finds its connection again.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://localhost:${bound}`,
    port: bound,
    context,
    close: async () => {
      context.faults.clear();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      keeper?.save();
    },
  };
}

if (import.meta.main) {
  const port = Number(process.env.PORT ?? process.env.SANDBOX_PORT ?? 4000);
  const sandbox = await startSandbox({
    port,
    ...(process.env.SANDBOX_REDIRECT_URI ? { redirectUri: process.env.SANDBOX_REDIRECT_URI } : {}),
    ...(process.env.SANDBOX_HOST ? { host: process.env.SANDBOX_HOST } : {}),
    ...(process.env.SANDBOX_STATE_FILE ? { stateFile: process.env.SANDBOX_STATE_FILE } : {}),
  });
  const { store } = sandbox.context;
  const people = store.people().map(({ name, email, status, guest }) => {
    const notes = [status === 'active' ? '' : status, guest ? 'guest' : ''].filter(Boolean).join(', ');
    return `  ${name} <${email}>${notes ? ` (${notes})` : ''}`;
  });
  process.stdout.write(
    [
      `Simulated Atlassian Cloud at ${sandbox.url}, for ${store.site.url}`,
      `Control: ${sandbox.url}/__sandbox (docs/sandbox.md)`,
      'People:',
      ...people,
      '',
    ].join('\n'),
  );
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
