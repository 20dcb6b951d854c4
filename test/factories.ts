import type { Kysely } from 'kysely';
import type { RecordWrite } from '../store/records.ts';
import type { Database, Role } from '../store/schema.ts';

/** Rows for tests, with only what matters to the test said by it. */
export async function makeConnection(
  db: Kysely<Database>,
  change: Partial<{ name: string; site_url: string; status: 'active' | 'draft' }> = {},
): Promise<string> {
  const { id } = await db
    .insertInto('connections')
    .values({
      name: 'Test site',
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://test.atlassian.net',
      auth_method: 'api_token',
      status: 'active',
      ...change,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function makeUser(
  db: Kysely<Database>,
  email: string,
  change: Partial<{ email_verified: boolean; active: boolean; role: Role }> = {},
): Promise<string> {
  const { id } = await db
    .insertInto('users')
    .values({ email, name: email, role: 'member', email_verified: true, ...change })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function makeRun(db: Kysely<Database>, connectionId: string): Promise<string> {
  const { id } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A current page at the top of space `S`, ready to be stored, unless told otherwise. */
export function makeRecord(externalId: string, change: Partial<RecordWrite> = {}): RecordWrite {
  return {
    externalId,
    kind: 'page',
    spaceId: 'S',
    parentId: null,
    containerId: null,
    title: `Title ${externalId}`,
    url: '',
    status: 'current',
    authorId: null,
    labels: null,
    version: 1,
    createdAt: null,
    modifiedAt: null,
    mediaType: null,
    fileSize: null,
    attributes: {},
    digest: externalId,
    body: { format: 'storage', raw: '', markdown: '', text: `Body ${externalId}`, cjk: null },
    ...change,
  };
}
