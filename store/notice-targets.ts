import type { Cipher } from './encryption.ts';
import type { Db, NoticeTarget } from './schema.ts';

/** Where a notice is posted, and what signs it. The address is a secret, too: whoever knows it may post there. */
export interface TargetSecret {
  url: string;
  secret: string;
}

/** Where a target's address and secret are sealed, together. The column `url` holds what may be shown of it. */
export const targetPlace = (id: string) => ({ table: 'notice_targets', row: id, column: 'secret' });

export function sealTarget(cipher: Cipher, id: string, target: TargetSecret): Buffer {
  return cipher.seal(JSON.stringify({ url: target.url, secret: target.secret }), targetPlace(id));
}

/** @throws EncryptionError */
export function openTarget(cipher: Cipher, target: Pick<NoticeTarget, 'id' | 'secret'>): TargetSecret {
  return JSON.parse(cipher.open(target.secret, targetPlace(target.id))) as TargetSecret;
}

/** All targets by name; an organisation has a few. */
export function listNoticeTargets(db: Db): Promise<NoticeTarget[]> {
  return db.selectFrom('notice_targets').selectAll().orderBy('name').orderBy('id').limit(200).execute();
}

export function findNoticeTarget(db: Db, id: string): Promise<NoticeTarget | undefined> {
  return db.selectFrom('notice_targets').selectAll().where('id', '=', id).executeTakeFirst();
}

export function insertNoticeTarget(
  db: Db,
  row: { id: string; name: string; url: string; secret: Buffer },
): Promise<NoticeTarget> {
  return db.insertInto('notice_targets').values(row).returningAll().executeTakeFirstOrThrow();
}

export function updateNoticeTarget(
  db: Db,
  id: string,
  change: Partial<Pick<NoticeTarget, 'name' | 'url' | 'secret' | 'enabled'>>,
): Promise<NoticeTarget> {
  return db
    .updateTable('notice_targets')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Its deliveries go with it. */
export async function deleteNoticeTarget(db: Db, id: string): Promise<void> {
  await db.deleteFrom('notice_targets').where('id', '=', id).execute();
}
