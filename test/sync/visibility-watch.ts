import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../store/schema.ts';
import { visibleTo } from '../oracle/canView.ts';
import { accountOf } from '../oracle/identity.ts';
import type { Truth } from '../oracle/truth.ts';
import type { KnownUser } from './persons.ts';
import { walkRecords } from './shown.ts';

/** Something that a person was shown and that the source would have shown that person at no moment of the window. */
export interface Leak {
  email: string;
  externalId: string;
}

/**
 * Looks at what everybody is shown for as long as something goes on, and holds it against every moment of a window:
 * what was right before a change may be shown until the change has been read, and what is right after it from then on.
 * One change of access at a time: of several, a sync may learn the later first, and be for a moment where the source
 * never was.
 */
export interface VisibilityWatch {
  /** Adds the present moment to the window: call it in the same breath as the change. */
  changed(): void;
  /** What has changed is read: from now on only the present moment is right. */
  settled(): void;
  /** One look. Where the database is away there is nothing to be seen. */
  look(): Promise<Leak[]>;
  /** Looks on and on beside the work, and once after it. */
  during<T>(work: Promise<T>): Promise<T>;
  /** All that was found by `during`, each once. */
  leaks(): Leak[];
  /** How often somebody was looked at. */
  looks: number;
}

const pauseMs = 200;

export function watchVisibility(options: {
  db: Db;
  connectionId: string;
  users: readonly KnownUser[];
  truth: () => Truth;
}): VisibilityWatch {
  const { db, connectionId, users } = options;
  const allowed = new Map<string, Set<string>>();
  const found = new Map<string, Leak>();
  const watch: VisibilityWatch = {
    looks: 0,
    changed() {
      const truth = options.truth();
      for (const { email } of users) {
        const ids = allowed.get(email) ?? new Set();
        for (const id of visibleTo(truth, accountOf(truth, email))) ids.add(id);
        allowed.set(email, ids);
      }
    },
    settled() {
      allowed.clear();
      watch.changed();
    },
    async look() {
      const leaks: Leak[] = [];
      for (const { userId, email } of users) {
        const shown = await walkRecords(db, connectionId, userId, 10_000).catch(() => null);
        if (shown === null) break;
        // What the source shows is asked for after the answer: a change in between must be in the window.
        const right = allowed.get(email);
        for (const externalId of new Set([...shown.ids, ...shown.above]))
          if (right?.has(externalId) !== true) leaks.push({ email, externalId });
        watch.looks += 1;
      }
      for (const leak of leaks) found.set(`${leak.email} ${leak.externalId}`, leak);
      return leaks;
    },
    async during(work) {
      let going = true;
      const done = work.finally(() => {
        going = false;
      });
      done.catch(() => {});
      while (going) {
        await watch.look();
        await Promise.race([done.catch(() => {}), sleep(pauseMs)]);
      }
      await watch.look();
      return done;
    },
    leaks: () => [...found.values()],
  };
  watch.settled();
  return watch;
}
