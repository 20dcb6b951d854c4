import { isGrpcServiceError } from '@temporalio/client';
import { sql } from 'kysely';
import { lanes, scheduledWorkflowId, syncWorkflowId } from '../../temporal/names.ts';
import type { SyncHarness } from './harness.ts';

/** Every secret that is about: tokens of both kinds, app secrets, the key, in the forms in which they travel. */
export function secretsOf({ sandbox, key }: SyncHarness): string[] {
  const { store, grants } = sandbox.context;
  const world = store.snapshot();
  const issued = grants.save();
  const plain = [
    ...world.apiTokens.map(({ token }) => token),
    ...world.oauthApps.map(({ clientSecret }) => clientSecret),
    ...issued.accessTokens.map(([token]) => token),
    ...issued.refreshTokens.map(([token]) => token),
    key.toString('base64'),
    key.toString('hex'),
  ];
  const basic = world.apiTokens.map(({ token, accountId }) =>
    Buffer.from(`${store.person(accountId)?.email ?? ''}:${token}`).toString('base64'),
  );
  const all = [...plain, ...basic];
  // Binary columns are written out in hexadecimal.
  return [...all, ...all.map((secret) => Buffer.from(secret).toString('hex'))];
}

/** Where a secret was found: `log`, `output`, `history`, or a table's name. Nothing of the secret itself. */
export async function leaksIn(harness: SyncHarness, output: readonly string[] = []): Promise<string[]> {
  const secrets = secretsOf(harness);
  const holds = (text: string) => secrets.some((secret) => text.includes(secret));
  return [
    ...(holds(harness.logged.join('\n')) ? ['log'] : []),
    ...(holds(output.join('\n')) ? ['output'] : []),
    ...(holds(await histories(harness)) ? ['history'] : []),
    ...(await tablesThatHold(harness, secrets)),
  ];
}

/** The whole database, row by row as text. */
async function tablesThatHold({ database: { db } }: SyncHarness, secrets: string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`.execute(db);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ held: boolean }>`
      select exists (select from (select t::text as line from ${sql.table(name)} t offset 0) lines
        where ${sql.join(
          secrets.map((secret) => sql`strpos(line, ${secret}) > 0`),
          sql` or `,
        )}) as held`.execute(db);
    if (rows[0]?.held === true) found.push(name);
  }
  return found;
}

/** Of each workflow so many of its last runs are read. */
const lastRuns = 20;

/** gRPC's number for it. */
const notFound = 5;

/** The histories of every connection's workflows of both lanes, scheduled or not, with their payloads read. */
export async function histories({ temporal, database: { db } }: SyncHarness): Promise<string> {
  const { workflow } = temporal.client;
  const connections = await db.selectFrom('sync_runs').select('connection_id').distinct().execute();
  const ids = connections.flatMap(({ connection_id: id }) =>
    lanes.flatMap((lane) => [syncWorkflowId(id, lane), scheduledWorkflowId(id, lane)]),
  );
  const texts: string[] = [];
  const read = async (workflowId: string, runId?: string): Promise<void> => {
    try {
      texts.push(plain(await workflow.getHandle(workflowId, runId).fetchHistory()));
    } catch (error) {
      // Not every connection has had every workflow.
      if (!isGrpcServiceError(error) || error.code !== notFound) throw error;
    }
  };
  for (const id of ids) {
    // The newest may not be listed yet.
    await read(id);
    let left = lastRuns;
    for await (const { runId } of workflow.list({ query: `WorkflowId = '${id}'` })) {
      if (left === 0) break;
      left -= 1;
      await read(id, runId);
    }
  }
  return texts.join('\n');
}

function plain(history: unknown): string {
  return JSON.stringify(history).replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_all, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
}
