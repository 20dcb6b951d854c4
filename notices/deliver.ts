import type { Kysely } from 'kysely';
import type { Cipher } from '../store/encryption.ts';
import { markDelivered, markUndelivered, type ClaimedDelivery } from '../store/notice-deliveries.ts';
import { openTarget } from '../store/notice-targets.ts';
import type { Database } from '../store/schema.ts';
import { nextTry, signMessage } from './message.ts';
import type { NoticePost, PostResult } from './post.ts';

export interface DeliverDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  post: NoticePost;
  /** Links in messages lead here. Without a trailing slash. */
  publicUrl: string;
  now?: () => Date;
}

/** A turn with a delivery is good for so long: longer than any try takes. */
export const leaseSeconds = 60;

/** One try of a claimed delivery, and what became of it, stored. `once`: not tried again by itself. */
export async function deliver(
  deps: DeliverDeps,
  delivery: ClaimedDelivery,
  options: { once?: boolean } = {},
): Promise<PostResult> {
  const now = deps.now ?? (() => new Date());
  const result = await attempt(deps, delivery, now());
  if (result.ok) {
    await deps.db.transaction().execute((trx) => markDelivered(trx, delivery));
    return result;
  }
  const past = { attempts: delivery.attempts, createdAt: delivery.created_at };
  const again = options.once === true ? null : nextTry(past, result, now(), Math.random());
  if (options.once === true) {
    await deps.db
      .updateTable('notice_deliveries')
      .set({ state: 'given_up', last_error: result.error })
      .where('id', '=', delivery.id)
      .execute();
  } else {
    await deps.db
      .transaction()
      .execute((trx) => markUndelivered(trx, delivery, { error: result.error, again }));
  }
  return result;
}

async function attempt(deps: DeliverDeps, delivery: ClaimedDelivery, at: Date): Promise<PostResult> {
  const { id, event, payload, created_at: createdAt } = delivery;
  try {
    const { url, secret } = openTarget(deps.cipher, {
      id: delivery.target_id,
      secret: delivery.target_secret,
    });
    const told = { id, event, payload, createdAt };
    return await deps.post.post(url, signMessage(secret, told, at, deps.publicUrl));
  } catch {
    const error = 'Its address and secret cannot be decrypted. Enter the address again.';
    return { ok: false, status: null, error };
  }
}
