import { randomBytes, randomUUID } from 'node:crypto';
import { InvalidInput, NotFound } from '../../errors.ts';
import { deliver, leaseSeconds } from '../../notices/deliver.ts';
import type { NoticePost } from '../../notices/post.ts';
import { insertTestDelivery, listDeliveries, targetFailing } from '../../store/notice-deliveries.ts';
import {
  deleteNoticeTarget,
  findNoticeTarget,
  insertNoticeTarget,
  listNoticeTargets,
  openTarget,
  sealTarget,
  updateNoticeTarget,
} from '../../store/notice-targets.ts';
import { closeNotice } from '../../store/notices.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, idOf, limitOf, pageOf } from '../paging.ts';
import type { Page } from '../views.ts';
import { audit } from './audit.ts';
import type { PageRequest } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import {
  presentDelivery,
  presentTarget,
  type NoticeDeliveryView,
  type NoticeTargetView,
} from './notice-views.ts';

/** Where notices are posted. */
export interface NoticeTargetsService {
  list(actor: Actor): Promise<NoticeTargetView[]>;
  get(actor: Actor, id: string): Promise<NoticeTargetView>;
  /** `secret` signs what is posted; it is shown this once. @throws InvalidInput at `name`, `url` */
  create(actor: Actor, input: { name: string; url: string }): Promise<NoticeTargetView & { secret: string }>;
  /** An empty or absent address keeps the stored one. @throws InvalidInput at `name`, `url` */
  update(
    actor: Actor,
    id: string,
    change: { name?: string | undefined; url?: string | undefined; enabled?: boolean | undefined },
  ): Promise<NoticeTargetView>;
  /** A new secret; the one before signs nothing from now on. */
  renewSecret(actor: Actor, id: string): Promise<NoticeTargetView & { secret: string }>;
  remove(actor: Actor, id: string): Promise<void>;
  /** Posts a test message now. `message`: what became of it, in words. */
  test(actor: Actor, id: string): Promise<{ ok: boolean; message: string }>;
  /** Newest first. */
  deliveries(actor: Actor, id: string, page?: PageRequest): Promise<Page<NoticeDeliveryView>>;
}

type Deps = Pick<ServiceDeps, 'db' | 'cipher' | 'publicUrl'> & { post: NoticePost };

export function createNoticeTargetsService({ db, cipher, publicUrl, post }: Deps): NoticeTargetsService {
  const existing = async (actor: Actor, id: string) => {
    requireAdministrator(actor);
    const target = await findNoticeTarget(db, idOf('This target', id));
    if (target === undefined) throw new NotFound('This target');
    return target;
  };
  const checkUrl = (given: string): string => {
    const reason = post.refuse(given);
    if (reason !== null) throw new InvalidInput({ url: reason });
    return new URL(given).href;
  };
  const newSecret = () => `whsec_${randomBytes(32).toString('base64url')}`;
  /** A secret that no key opens any more is replaced together with the address. */
  const secretOf = (target: Parameters<typeof openTarget>[1]): string => {
    try {
      return openTarget(cipher, target).secret;
    } catch {
      return newSecret();
    }
  };

  return {
    async list(actor) {
      requireAdministrator(actor);
      return (await listNoticeTargets(db)).map(presentTarget);
    },
    get: async (actor, id) => presentTarget(await existing(actor, id)),
    async create(actor, input) {
      requireAdministrator(actor);
      const fields = { name: nameOf(input.name), url: checkUrl(input.url.trim()) };
      const [id, secret] = [randomUUID(), newSecret()];
      const target = await db.transaction().execute(async (tx) => {
        const row = { id, name: fields.name, url: new URL(fields.url).origin };
        await audit(tx, actor, 'notice_target.create', row.name, { after: { origin: row.url } });
        const sealed = sealTarget(cipher, id, { url: fields.url, secret });
        return insertNoticeTarget(tx, { ...row, secret: sealed });
      });
      return { ...presentTarget(target), secret };
    },
    async update(actor, id, change) {
      const before = await existing(actor, id);
      const name = change.name === undefined ? before.name : nameOf(change.name);
      const given = change.url?.trim() ?? '';
      const url = given === '' ? null : checkUrl(given);
      const enabled = change.enabled ?? before.enabled;
      const moved =
        url === null
          ? {}
          : {
              url: new URL(url).origin,
              secret: sealTarget(cipher, before.id, { url, secret: secretOf(before) }),
            };
      const after = await db.transaction().execute(async (tx) => {
        const row = await updateNoticeTarget(tx, before.id, { name, enabled, ...moved });
        if (!enabled) await closeNotice(tx, { connectionId: null, code: targetFailing, subject: before.id });
        await audit(tx, actor, 'notice_target.update', name, {
          before: { name: before.name, origin: before.url, enabled: before.enabled },
          after: { name, origin: row.url, enabled },
        });
        return row;
      });
      return presentTarget(after);
    },
    async renewSecret(actor, id) {
      const before = await existing(actor, id);
      const secret = newSecret();
      const { url } = openTarget(cipher, before);
      const target = await db.transaction().execute(async (tx) => {
        await audit(tx, actor, 'notice_target.secret', before.name);
        return updateNoticeTarget(tx, before.id, { secret: sealTarget(cipher, before.id, { url, secret }) });
      });
      return { ...presentTarget(target), secret };
    },
    async remove(actor, id) {
      const target = await existing(actor, id);
      await db.transaction().execute(async (tx) => {
        await deleteNoticeTarget(tx, target.id);
        await closeNotice(tx, { connectionId: null, code: targetFailing, subject: target.id });
        await audit(tx, actor, 'notice_target.remove', target.name, { before: { origin: target.url } });
      });
    },
    async test(actor, id) {
      const target = await existing(actor, id);
      const row = await insertTestDelivery(db, target.id, leaseSeconds);
      const claimed = { ...row, target_name: target.name, target_secret: target.secret };
      const result = await deliver({ db, cipher, post, publicUrl }, claimed, { once: true });
      return result.ok
        ? { ok: true, message: `The test message was taken (status ${result.status}).` }
        : { ok: false, message: `The test message was not taken: ${result.error}` };
    },
    async deliveries(actor, id, page) {
      const target = await existing(actor, id);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.uuid);
      const rows = await listDeliveries(db, target.id, { before, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.id, presentDelivery);
    },
  };
}

/** @throws InvalidInput at `name` */
function nameOf(given: string): string {
  const name = given.trim();
  if (name === '' || name.length > 100) {
    throw new InvalidInput({ name: 'A name of 1 to 100 characters, for example "On call".' });
  }
  return name;
}
