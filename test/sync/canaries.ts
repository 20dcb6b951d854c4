import { sql } from 'kysely';
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

/** The history of every connection's last run, with its payloads read. */
export async function histories({ temporal, database: { db } }: SyncHarness): Promise<string> {
  const connections = await db.selectFrom('sync_runs').select('connection_id').distinct().execute();
  const texts: string[] = [];
  for (const { connection_id: id } of connections) {
    const history = await temporal.client.workflow.getHandle(`sync:${id}`).fetchHistory();
    const text = JSON.stringify(history);
    texts.push(
      text.replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_all, data: string) =>
        Buffer.from(data, 'base64').toString('utf8'),
      ),
    );
  }
  return texts.join('\n');
}
