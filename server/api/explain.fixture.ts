import { sql } from 'kysely';
import type { Db } from '../../store/schema.ts';
import { settleAccess } from '../../store/settle.ts';
import { createSampleSite } from '../../test/sample-site.ts';

export const wiki = 'https://company.atlassian.net/wiki';

/** Addresses, by what is there. */
export const unseen: Record<string, string> = {
  'does not exist': `${wiki}/spaces/TEAM/pages/999/Nothing`,
  'is restricted': `${wiki}/spaces/TEAM/pages/102/Salary+bands`,
  'is below what is restricted': `${wiki}/spaces/TEAM/pages/103`,
  'is pending': `${wiki}/spaces/TEAM/pages/104`,
  'has failed': `${wiki}/spaces/TEAM/pages/105`,
  'failed before it was stored': `${wiki}/spaces/TEAM/pages/120`,
  'is in a space of others': `${wiki}/spaces/OPS/pages/106`,
  'is in a space that is not there': `${wiki}/spaces/NONE/pages/107777`,
  'is a comment of a hidden page': `${wiki}/spaces/TEAM/pages/102/x?focusedCommentId=107`,
  'is an attachment of one': `${wiki}/spaces/TEAM/pages/102/x?preview=/102/108/bands.pdf`,
  'is held': `${wiki}/spaces/TEAM/pages/109`,
  'has an unknown restriction': `${wiki}/spaces/TEAM/pages/110`,
  'is not settled': `${wiki}/spaces/TEAM/pages/111`,
  'is filtered': `${wiki}/spaces/TEAM/pages/113`,
  'is of another site': 'https://other.atlassian.net/wiki/spaces/TEAM/pages/101',
};

/**
 * A site with something hidden in every way that there is from Anna, who sees 101 and 112; Ada is an administrator.
 * Records by their id in Atlassian.
 */
export async function createHiddenItems(db: Db) {
  const site = await createSampleSite(db);
  const admin = await site.person('ada', ['everyone']);
  const ids: Record<string, string> = {};
  await sql`update users set role = 'administrator' where id = ${admin.userId}`.execute(db);
  const anna = await site.person('anna', ['everyone']);
  const { connectionId } = site;
  const layers: Record<string, string> = {
    '102': await site.layer('102', ['user:cleo', 'group:leadership']),
    '110': await site.layer('110', 'unknown'),
    '112': await site.layer('112', ['user:anna']),
  };
  const spaceLayer = await site.layer('space-TEAM', ['group:everyone']);
  const opsLayer = await site.layer('space-OPS', ['group:ops']);
  const page = async (id: string, given: Parameters<typeof site.record>[1] = {}) => {
    ids[id] = await site.record(id, { layers: null, ...given });
  };
  await page('101', { title: 'Handbook' });
  await page('102', { title: 'Salary bands', parent: '101' });
  await page('103', { title: 'Pay of 2026', parent: '102' });
  await page('104', { title: 'Waiting', state: 'pending' });
  await page('105', { title: 'Broken', state: 'failed' });
  await page('106', { title: 'Rota', space: 'OPS' });
  await page('107', { kind: 'comment', title: '', container: '102' });
  await page('att108', { kind: 'attachment', title: 'bands.pdf', container: '102' });
  await page('109', { title: 'Held', parent: '101' });
  await page('110', { title: 'Unread' });
  await page('111', { title: 'Unsettled' });
  await page('112', { title: 'Salary bands' });
  await page('113', { title: 'Left out', state: 'filtered' });
  for (const [key, layerId] of [
    ['TEAM', spaceLayer],
    ['OPS', opsLayer],
  ] as const)
    await sql`update spaces set layer_id = ${layerId} where id = ${await site.space(key)}`.execute(db);
  for (const id of ['101', '102', '103', '104', '105', '106', '109', '110', '112', '113'])
    await sql`insert into content_access (connection_id, external_id, layer_id)
      values (${connectionId}, ${id}, ${layers[id] ?? null})`.execute(db);
  await sql`insert into record_holds (connection_id, external_id, reason)
    values (${connectionId}, '109', 'They disagree.')`.execute(db);
  await sql`insert into sync_failures (connection_id, stage, external_id, title, message)
    values (${connectionId}, 'pages', '120', 'Never read', 'Atlassian answered 500')`.execute(db);
  await sql`insert into permission_freshness (connection_id, promised_seconds, oldest_read_at)
    values (${connectionId}, 1100, now())`.execute(db);
  // A site on which nobody here is known.
  const other = await createSampleSite(db, 'Elsewhere');
  await sql`update connections set site_url = 'https://elsewhere.atlassian.net'
    where id = ${other.connectionId}`.execute(db);
  await settleAccess(db, connectionId);
  return { connectionId, admin, anna, ids };
}
