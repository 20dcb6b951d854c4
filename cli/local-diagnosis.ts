import { createAtlassianHttp } from '../atlassian/http.ts';
import { ConfigError, parseConfig, type Config } from '../config.ts';
import { createLogger } from '../log.ts';
import {
  failed,
  ok,
  once,
  runChecks,
  skipped,
  type Diagnosis,
  type DiagnosisCheck,
} from '../server/diagnosis/check.ts';
import { installationChecks } from '../server/diagnosis/diagnosis.ts';
import { listConnections } from '../store/connections.ts';
import { openDatabase } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { connectClient } from '../temporal/connect.ts';
import { readTemporalFacts } from '../temporal/facts.ts';

const deadlineMs = 12_000;

type Environment = Record<string, string | undefined>;

/**
 * What can be looked at from this machine while the server is down: with the environment that the server would have.
 * @param serverSays why it does not answer; null: it was not asked
 */
export async function diagnoseLocally(env: Environment, serverSays: string | null): Promise<Diagnosis> {
  const server = check('server', 'Server', 'Everybody comes through it.', async () =>
    serverSays === null
      ? skipped('It was not asked.')
      : failed(
          serverSays,
          'Start it, and read the first lines of its log; the checks below say what may keep it.',
        ),
  );
  let config: Config;
  try {
    config = parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const wrong = check('configuration', configuration, whyConfiguration, async () =>
      failed(error.faults.join(' '), 'Correct what is named: docs/configuration.md has each variable.'),
    );
    return runChecks([server, wrong], deadlineMs);
  }
  const right = check('configuration', configuration, whyConfiguration, async () =>
    ok('Every variable can be used.'),
  );
  const { databaseUrl, encryptionKey, temporal } = config;
  if (databaseUrl === undefined || encryptionKey === undefined) {
    const embedded = check('database', 'Database', whyDatabase, async () =>
      skipped(
        'DATABASE_URL is not set here: `npm start` brings its own PostgreSQL. Run it, or set the variables that the server has.',
      ),
    );
    return runChecks([server, right, embedded], deadlineMs);
  }
  const database = openDatabase(databaseUrl, { poolSize: 3 });
  const http = createAtlassianHttp({
    gatewayUrl: config.atlassianGatewayUrl,
    allowedPrivateHosts: config.allowedPrivateHosts,
    log: createLogger('silent'),
    env,
  });
  const { address } = temporal;
  const client = address === undefined ? null : connectClient({ ...temporal, address });
  const facts = once(async () => (client === null ? null : readTemporalFacts(client.client)));
  try {
    const deps = {
      db: database.db,
      cipher: createCipher(keyProviderFromKey(encryptionKey, config.previousEncryptionKeys)),
      http,
      temporal: facts,
      publicUrl: config.publicUrl,
      env,
    };
    const checks = installationChecks(deps, null, () => listConnections(database.db));
    return await runChecks([server, right, ...checks], deadlineMs);
  } finally {
    // A client that is closed while it asks would end the process.
    if (client !== null) await facts().catch(() => null);
    await Promise.allSettled([client?.close(), http.close(), database.close()]);
  }
}

const configuration = 'Configuration';
const whyConfiguration = 'A server or worker with a variable that cannot be used does not start.';
const whyDatabase = 'Everything that Sluice knows is in it.';

function check(name: string, title: string, why: string, look: DiagnosisCheck['look']): DiagnosisCheck {
  return { name, title, why, look };
}
