import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { saveContentAccess } from '../store/content-access.ts';
import { saveLayers } from '../store/layers.ts';
import type { Database, Db } from '../store/schema.ts';
import { settleAccess } from '../store/settle.ts';
import { settleBelow } from '../store/settle-below.ts';
import type { Kysely } from 'kysely';
import { withDatabase } from './database.ts';
import type { Row } from './table.ts';

const pages = 5_000;

/**
 * A page with 5,000 pages below it, ten below each, with a comment and an attachment each: restricted, and the
 * restriction lifted again. Both are the statement of store/settle-below.ts; it has no client, so it makes no request.
 */
export async function repointRow(say: (line: string) => void): Promise<Row> {
  return withDatabase(say, async (given) => {
    const db = given as Kysely<Database>;
    say(`Re-pointing ${pages} pages`);
    const connectionId = await createTree(db);
    await settleAccess(db, connectionId);
    await sql`vacuum analyze`.execute(db);
    const restricted = await change(db, connectionId, true);
    const lifted = await change(db, connectionId, false);
    return {
      what: `a restriction above ${pages} pages with a comment and an attachment each`,
      measured: `restricted ${restricted.ms.toFixed(0)} ms, lifted ${lifted.ms.toFixed(0)} ms, ${restricted.records} records re-pointed by one statement, 0 requests`,
      reach: '< 1 s, no request',
      reached: Math.max(restricted.ms, lifted.ms) < 1_000 && restricted.records === 3 * (pages + 1),
    };
  });
}

async function change(
  db: Kysely<Database>,
  connectionId: string,
  restrict: boolean,
): Promise<{ ms: number; records: number }> {
  const restriction = restrict ? { state: 'known' as const, principals: ['user:ada' as const] } : null;
  await saveContentAccess(
    db,
    connectionId,
    randomUUID(),
    [{ externalId: '0', labels: null, restriction }],
    new Date(),
  );
  const started = performance.now();
  const records = await db.transaction().execute((trx) => settleBelow(trx, connectionId, ['0']));
  return { ms: performance.now() - started, records };
}

async function createTree(db: Db): Promise<string> {
  const { id: connectionId } = await db
    .insertInto('connections')
    .values({
      name: 'Benchmark',
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://bench.atlassian.net',
      auth_method: 'api_token',
      status: 'active',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const known = { state: 'known' as const, principals: ['class:all-licensed-users' as const] };
  await saveLayers(db, connectionId, [{ kind: 'product', sourceId: '', reading: known }], new Date());
  await saveLayers(db, connectionId, [{ kind: 'space', sourceId: 'S', reading: known }], new Date());
  await sql`insert into spaces (connection_id, external_id, key, name, type, status, layer_id)
    select connection_id, 'S', 'S', 'Space', 'global', 'current', id from acl_layers where kind = 'space'`.execute(
    db,
  );
  await sql`insert into records (connection_id, external_id, kind, space_id, parent_id, title, modified_at)
    select ${connectionId}, n::text, 'page', s.id, case when n > 0 then ((n - 1) / 10)::text end, 'Page ' || n, now()
    from spaces s, generate_series(0, ${pages}::int) n`.execute(db);
  await sql`insert into records (connection_id, external_id, kind, container_id, title, modified_at)
    select ${connectionId}, kind || n, kind, n::text, kind || n, now()
    from generate_series(0, ${pages}::int) n, unnest(array['comment', 'attachment']) kind`.execute(db);
  await sql`insert into content_access (connection_id, external_id)
    select connection_id, external_id from records where kind = 'page'`.execute(db);
  return connectionId;
}
