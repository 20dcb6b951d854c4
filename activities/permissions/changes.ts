import type { AccessPrint, AccessPrints } from '../../store/access-prints.ts';
import type { ChangeWrite } from '../../store/permission-changes.ts';
import type { Due } from '../../store/permission-due.ts';
import type { PermissionDueKind } from '../../store/schema.ts';

/** What is due, to be asked for by kind and id. */
export type DueIndex = ReadonlyMap<string, Due>;

export const dueKey = (kind: PermissionDueKind, id: string) => `${kind} ${id}`;

/**
 * What a reading changed: what was stored before it, compared with what is stored after. What was never read before has
 * not changed. The time that a change was in force before it was here is exact where the audit log told when it was made;
 * else it is at most the time since the reading before.
 */
export function changesBetween(
  kind: ChangeWrite['kind'],
  before: AccessPrints,
  after: AccessPrints,
  { due, now }: { due: (id: string) => Due | undefined; now: Date },
): ChangeWrite[] {
  return [...before].flatMap(([id, was]): ChangeWrite[] => {
    const is = after.get(id)?.print ?? null;
    if (was.readAt === null || was.print === is) return [];
    const told = due(id);
    const exact = told?.exact === true;
    const since = exact && told !== undefined ? told.since : was.readAt;
    return [
      {
        kind,
        sourceId: id,
        change: was.print === null ? 'added' : is === null ? 'removed' : 'changed',
        foundBy: exact ? 'audit' : 'rolling',
        lagSeconds: secondsBetween(since, now),
        exact,
      },
    ];
  });
}

/** The longest time since the reading before; null where nothing of it was read before. */
export function longestGap(before: Iterable<AccessPrint>, now: Date): number | null {
  let longest: number | null = null;
  for (const { readAt } of before) {
    if (readAt !== null) longest = Math.max(longest ?? 0, secondsBetween(readAt, now));
  }
  return longest;
}

/** Clocks differ by a little: no time is negative. */
function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}
