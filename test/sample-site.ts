import { sql } from 'kysely';
import { cjkText } from '../content/cjk.ts';
import type { Db, RecordKind, RecordState } from '../store/schema.ts';
import type { ViewerId } from '../store/visibility.ts';

/** One record of a sample site; what is left out is a current page that everybody with the product may see. */
export interface SampleRecord {
  title?: string;
  text?: string;
  kind?: RecordKind;
  labels?: string[];
  space?: string;
  parent?: string;
  container?: string;
  author?: string;
  modifiedAt?: string | null;
  state?: RecordState;
  /** Layers that must admit, by the names given to `layer`; null leaves the ACL unsettled. */
  layers?: string[] | null;
}

/** A small site for the tests of search and records: people, layers and records written as a sync writes them. */
export async function createSampleSite(db: Db, name = 'Company') {
  const connectionId = await insertConnection(db, name);
  const layerIds = new Map<string, string>();
  const spaceIds = new Map<string, string>();

  async function layer(key: string, principals: string[] | 'unknown'): Promise<string> {
    const known = principals !== 'unknown';
    const { id } = await db
      .insertInto('acl_layers')
      .values({
        connection_id: connectionId,
        kind: key === 'product' ? 'product' : key.startsWith('space') ? 'space' : 'content',
        source_id: key,
        state: known ? 'known' : 'unknown',
        principals: known ? principals : [],
        reason: known ? null : '403 from the restrictions of this page',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    layerIds.set(key, id);
    return id;
  }

  async function acl(layers: string[]): Promise<string> {
    const ids = layers.map((key) => layerIds.get(key) ?? '0');
    const { rows } = await sql<{ id: string }>`
      insert into acls (connection_id, layer_ids) values (${connectionId}, ${ids}::bigint[])
      on conflict (connection_id, layer_ids) do update set layer_ids = excluded.layer_ids returning id`.execute(
      db,
    );
    return rows[0]?.id ?? '';
  }

  /** A user of Sluice with an own Atlassian account, a member of these groups. */
  async function person(account: string, groups: string[] = []): Promise<ViewerId & { email: string }> {
    const email = `${account}@example.com`;
    const { id } = await db
      .insertInto('users')
      .values({ email, role: 'member' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('user_accounts')
      .values({ user_id: id, account_id: account, source: 'grant' })
      .execute();
    await db
      .insertInto('atlassian_accounts')
      .values({
        connection_id: connectionId,
        account_id: account,
        display_name: `${account.charAt(0).toUpperCase()}${account.slice(1)} Müller`,
        account_status: 'active',
        account_type: 'atlassian',
      })
      .execute();
    for (const group of groups) await member(account, group);
    return { userId: id, email };
  }

  async function member(account: string, group: string): Promise<void> {
    await sql`insert into atlassian_groups (connection_id, group_id, name, members_state)
      values (${connectionId}, ${group}, ${group}, 'known') on conflict do nothing`.execute(db);
    await db
      .insertInto('group_members')
      .values({ connection_id: connectionId, group_id: group, account_id: account })
      .execute();
  }

  async function space(key: string): Promise<string> {
    const found = spaceIds.get(key);
    if (found !== undefined) return found;
    const { id } = await db
      .insertInto('spaces')
      .values({
        connection_id: connectionId,
        external_id: `space-${key}`,
        key,
        name: `${key} space`,
        type: 'global',
        status: 'current',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    spaceIds.set(key, id);
    return id;
  }

  /** Stores one record; `externalId` names it for `parent` and `container`. */
  async function record(externalId: string, given: SampleRecord = {}): Promise<string> {
    const title = given.title ?? externalId;
    const text = given.text ?? '';
    const labels = given.labels ?? [];
    const { id } = await db
      .insertInto('records')
      .values({
        connection_id: connectionId,
        external_id: externalId,
        kind: given.kind ?? 'page',
        space_id: await space(given.space ?? 'TEAM'),
        parent_id: given.parent ?? null,
        container_id: given.container ?? null,
        title,
        url: `https://company.atlassian.net/wiki/${externalId}`,
        author_id: given.author ?? null,
        labels,
        modified_at: given.modifiedAt === null ? null : new Date(given.modifiedAt ?? '2026-01-01T00:00:00Z'),
        acl_id: given.layers === null ? null : await acl(given.layers ?? ['product']),
        state: given.state ?? 'indexed',
        attributes: '{}',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('record_bodies')
      .values({ record_id: id, text, markdown: text, raw: `<p>${text}</p>` })
      .execute();
    await sql`insert into record_search (record_id, words, cjk, modified_at)
      values (${id}, sluice_words(${title}, ${labels.join(' ')}, ${text}), ${cjkText(`${title}\n${text}`)},
        ${given.modifiedAt === null ? null : new Date(given.modifiedAt ?? '2026-01-01T00:00:00Z')})`.execute(
      db,
    );
    return id;
  }

  await layer('product', ['group:everyone']);
  return { connectionId, layer, person, member, space, record, acl };
}

async function insertConnection(db: Db, name: string): Promise<string> {
  const { id } = await db
    .insertInto('connections')
    .values({
      name,
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://company.atlassian.net',
      auth_method: 'api_token',
      status: 'active',
      settings: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
