import pg from 'pg';
import { startPostgres } from '../embedded/postgres.ts';
import { migrate, openDatabase } from '../store/database.ts';
import { startTemporal } from '../temporal/dev-server.ts';
import { onServer, templateName, testServerUrl } from './database.ts';
import { takeSlot } from './slot.ts';

export interface TestServers {
  stop(): Promise<void>;
}

/**
 * Starts what tests share, unless it is given by TEST_DATABASE_URL and TEST_TEMPORAL_ADDRESS, and sets those two for
 * the test files. Where Temporal cannot be had, TEST_TEMPORAL_FAILURE says why: tests without it still run.
 */
export async function startTestServers(progress: (line: string) => void): Promise<TestServers> {
  const given = {
    database: process.env['TEST_DATABASE_URL'],
    temporal: process.env['TEST_TEMPORAL_ADDRESS'],
  };
  if (given.database && given.temporal) {
    await makeTemplate();
    return { stop: async () => {} };
  }
  const slot = takeSlot();
  const stops: (() => Promise<void>)[] = [];
  const database = async () => {
    if (!given.database) {
      const server = await startPostgres({ dataDir: slot.dataDir, progress, throwaway: true });
      stops.push(server.stop);
      process.env['TEST_DATABASE_URL'] = server.url;
      await dropLeftovers();
    }
    await makeTemplate();
  };
  const temporal = async () => {
    if (given.temporal) return;
    try {
      const server = await startTemporal({ dataDir: slot.dataDir, progress, inMemory: true });
      stops.push(server.stop);
      process.env['TEST_TEMPORAL_ADDRESS'] = server.address;
    } catch (error) {
      process.env['TEST_TEMPORAL_FAILURE'] = error instanceof Error ? error.message : String(error);
      progress(process.env['TEST_TEMPORAL_FAILURE']);
    }
  };
  const stop = async () => {
    await Promise.allSettled(stops.map((each) => each()));
    slot.release();
  };
  const outcomes = await Promise.allSettled([database(), temporal()]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure === undefined) return { stop };
  await stop();
  throw failure.reason;
}

/** The template appears whole under its name, by a rename; whoever comes second finds it. */
async function makeTemplate(): Promise<void> {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7125590)');
    const found = await client.query('select 1 from pg_database where datname = $1', [templateName]);
    if (found.rowCount !== 0) return;
    const half = `${templateName}_half`;
    await client.query(`drop database if exists ${half} with (force)`);
    await client.query(`create database ${half}`);
    const url = new URL(testServerUrl());
    url.pathname = `/${half}`;
    const handle = openDatabase(url.href);
    try {
      await migrate(handle.db);
    } finally {
      await handle.close();
    }
    await client.query(`alter database ${half} rename to ${templateName}`);
  } finally {
    await client.end();
  }
}

/** Databases of earlier runs on our own server, which nobody else uses. */
async function dropLeftovers(): Promise<void> {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    String.raw`select datname from pg_database
      where (datname like 'test\_%' or datname like 'sluice\_template\_%') and datname <> $1`,
    [templateName],
  );
  await client.end();
  for (const { datname } of rows) await onServer(`drop database if exists "${datname}" with (force)`);
}
