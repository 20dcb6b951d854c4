import type { Logger } from '../log.ts';
import { claimDeliveries, type ClaimedDelivery } from '../store/notice-deliveries.ts';
import { deliver, leaseSeconds, type DeliverDeps } from './deliver.ts';

export interface NoticeSender {
  /** Sends what is due, and resolves when that is done. */
  sendDue(): Promise<number>;
  /** Sends what is due from now on, until it is stopped. */
  start(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * Sends stored deliveries. Any number of processes may do so side by side: each row is one process's turn at a time.
 * What a target takes long for keeps only that target waiting.
 */
export function createNoticeSender(deps: DeliverDeps & { log: Logger; everyMs?: number }): NoticeSender {
  const { db, log } = deps;
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let turning: Promise<unknown> = Promise.resolve();

  async function turn(): Promise<number> {
    const claimed = await claimDeliveries(db, { leaseSeconds, busy: [...busy.keys()] });
    const byTarget = Map.groupBy(claimed, (delivery) => delivery.target_id);
    for (const [targetId, deliveries] of byTarget) {
      const work = inOrder(deliveries).finally(() => busy.delete(targetId));
      busy.set(targetId, work);
    }
    return claimed.length;
  }

  /** One after the other: order counts, and a receiver is asked no more than it can answer. */
  async function inOrder(deliveries: ClaimedDelivery[]): Promise<void> {
    for (const delivery of deliveries) {
      try {
        const result = await deliver(deps, delivery);
        const told = { target: delivery.target_id, delivery: delivery.id, status: result.status };
        if (result.ok) log.debug(told, 'A notice was sent.');
        else log.warn({ ...told, reason: result.error }, 'A notice was not taken.');
      } catch (error) {
        log.warn({ err: error, delivery: delivery.id }, 'What became of a notice could not be stored.');
      }
    }
  }

  return {
    async sendDue() {
      const sent = await turn();
      await Promise.all(busy.values());
      return sent;
    },
    start() {
      timer = setInterval(() => {
        turning = turn().catch((error: unknown) =>
          log.warn({ err: error }, 'Due notices could not be looked for; trying again.'),
        );
      }, deps.everyMs ?? 2_000);
    },
    async stop() {
      clearInterval(timer);
      await turning;
      await Promise.all(busy.values());
    },
  };
}
