import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, type Config, type ServiceConfig } from '../config.ts';
import { SluiceError } from '../errors.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { acquireLock, type Lock } from '../process/lock.mjs';
import { supervise } from '../process/supervise.ts';
import type { Running } from '../process/service.ts';
import { migrate, openDatabase, type DatabaseHandle } from '../store/database.ts';
import { startTemporal } from '../temporal/dev-server.ts';
import { demonstrate } from './demonstrate.ts';
import { openDemonstration } from './demonstration/keeping.ts';
import { embeddedKey } from './key-file.ts';
import { secondsSince, wordsOf } from './lines.ts';
import { settlePorts, type SettledConfig } from './ports.ts';
import { createServices } from './services.ts';
import { createStack, onStopRequest } from './stopping.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const stack = createStack(say);
let stopping: Promise<void> | undefined;

function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    say('Stopping');
    await stack.stopAll();
    say('Stopped');
    process.exit(code);
  })();
  return stopping;
}

onStopRequest(
  () => void stop(0),
  () => process.exit(130),
);

try {
  await start();
} catch (error) {
  if (stopping === undefined) {
    say(wordsOf(error));
    await stack.stopAll();
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const began = performance.now();
  const asked = parseConfig(process.env);
  const lock = lockData(asked.dataDir);
  const settled = await settlePorts(asked, say);
  // What stands on its own starts at once; the database comes first to the stack, to be stopped last.
  const [databaseUrl, temporalAddress] = await bothOrNeither(database(settled), temporal(settled));
  await schema(databaseUrl);
  const config = withServices(settled, databaseUrl, temporalAddress);
  let setupLink: string | undefined;
  const services = createServices({
    config,
    env: process.env,
    say,
    onSetupLink: (link) => {
      setupLink = link;
    },
  });
  if (config.sandbox) await keep('The simulated Atlassian', services.sandbox);
  await Promise.all([keep('The worker', services.worker), keep('The web server', services.server)]);
  lock.describe({ url: config.publicUrl });
  say(`Sluice runs after ${secondsSince(began)}`);
  say('');
  say(`  ${config.publicUrl}`);
  if (setupLink !== undefined) say(`  Make yourself the administrator, within a day: ${setupLink}`);
  if (config.demonstration) sayDemonstration(config);
  say('');
  say('Ctrl-C stops everything.');
  if (!config.demonstration) return;
  try {
    await demonstrate({ config, say });
  } catch (error) {
    if (stopping !== undefined) return;
    say(`The demonstration could not be connected: ${wordsOf(error)}`);
    say('The next start goes on with it.');
  }
}

/** One Sluice per data folder; a lock that a killed run left behind counts for nothing. */
function lockData(dataDir: string): Lock & { acquired: true } {
  try {
    // Others may pass through (PostgreSQL runs as another account when we are root); what is secret is closed itself.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const lock = acquireLock(join(dataDir, 'lock'));
    if (lock.acquired) {
      stack.add('The lock', () => Promise.resolve(lock.release()));
      return lock;
    }
    const { pid, url } = lock.holder;
    const where = typeof url === 'string' ? ` at ${url}` : ', and is still starting';
    throw new SluiceError(
      'already_running',
      `Sluice already runs here${where} (process ${pid}). Stop that one with Ctrl-C, or set DATA_DIR and PORT for a second one.`,
    );
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'ENOSPC') throw error;
    throw new SluiceError(
      'data_folder_unusable',
      code === 'ENOSPC'
        ? `The disk of ${dataDir} is full: free some space and start again.`
        : `Sluice cannot write to ${dataDir} (${code}): make the folder yours, or set DATA_DIR to another.`,
      { cause: error },
    );
  }
}

async function database(config: Config): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  let url = '';
  await keep('PostgreSQL', async () => {
    const server = await startPostgres({ dataDir: config.dataDir, progress: say });
    if (url !== '' && url !== server.url)
      say('PostgreSQL has another port now: stop Sluice and start it again');
    ({ url } = server);
    return server;
  });
  return url;
}

async function temporal(config: Config): Promise<string> {
  if (config.temporal.address !== undefined) return config.temporal.address;
  let address = '';
  await keep('Temporal', async () => {
    const server = await startTemporal({ dataDir: config.dataDir, progress: say });
    ({ address } = server);
    return server;
  });
  return address;
}

async function schema(url: string): Promise<void> {
  const began = performance.now();
  const handle = openDatabase(url, { poolSize: 1 });
  try {
    await reach(handle.pool, url);
    const applied = await migrate(handle.db);
    if (applied.length > 0) say(`The database has its tables (${secondsSince(began)})`);
  } finally {
    await handle.close();
  }
}

async function reach(pool: DatabaseHandle['pool'], url: string): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new SluiceError(
      'database_unreachable',
      `PostgreSQL at ${host}${pathname} cannot be used: ${wordsOf(error)}. Start it, or correct DATABASE_URL; without it Sluice brings its own.`,
      { cause: error },
    );
  }
}

/** Starts a process, says how long it took, keeps it going, and remembers to stop it. */
async function keep(name: string, run: () => Promise<Running>): Promise<void> {
  const began = performance.now();
  try {
    const supervised = await supervise({ name, start: run, say });
    stack.add(name, supervised.stop);
  } catch (error) {
    throw new SluiceError('part_did_not_start', `${name} did not start.\n${wordsOf(error)}`, {
      cause: error,
    });
  }
  if (stopping === undefined) say(`${name} is ready (${secondsSince(began)})`);
}

/** Both results; when one fails, the other is waited for first, so that nothing starts behind our back. */
async function bothOrNeither<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

interface StartConfig extends ServiceConfig {
  workerMetricsPort: number;
  demonstration: boolean;
}

function withServices(config: SettledConfig, databaseUrl: string, address: string): StartConfig {
  const key = config.encryptionKey ?? Buffer.from(embeddedKey(config.dataDir), 'base64');
  const gateway = config.sandbox ? `http://localhost:${config.sandboxPort}` : undefined;
  const complete = {
    ...config,
    databaseUrl,
    encryptionKey: key,
    temporal: { ...config.temporal, address },
    atlassianGatewayUrl: config.atlassianGatewayUrl ?? gateway,
    // The sandbox with an embedded database: nothing real is here, and we may choose its administrator.
    demonstration: config.sandbox && config.databaseUrl === undefined,
  };
  if (!complete.demonstration) return complete;
  // What the environment names counts; the rest is drawn by lot. The demonstration itself needs a key.
  const { email, password, apiKey } = openDemonstration(config.dataDir);
  return { ...complete, administrator: { email, password, apiKey, ...config.administrator } };
}

function sayDemonstration({ administrator }: Config): void {
  if (administrator.email === undefined || administrator.password === undefined) return;
  say(`  Sign in as ${administrator.email} with the password ${administrator.password}`);
  say('  or with Atlassian, as anybody of the simulated company');
}
