import type { Db } from '../../store/schema.ts';
import type { Content } from '../../sandbox/world/types.ts';
import { everythingIn, visibleTo } from '../oracle/canView.ts';
import { everywhere } from '../oracle/company.ts';
import { accountOf } from '../oracle/identity.ts';
import type { Truth } from '../oracle/truth.ts';
import type { KnownUser } from './persons.ts';
import { shownTo, walkRecords, type Shown } from './shown.ts';

/** One user's difference between what is shown in some way and what the oracle allows. */
export interface Difference {
  email: string;
  accountId: string | null;
  way: keyof Shown;
  /** Shown, and more than is allowed. */
  leaked: string[];
  /** Allowed, and not shown. */
  hidden: string[];
}

/** Pairs of a person and an item that were compared in this process. */
export const compared = { pairs: 0 };

export interface Comparison {
  db: Db;
  connectionId: string;
  users: readonly KnownUser[];
  /** Whether a user is shown by every way, or only lists records, which is one statement for all. */
  looksEverywhere?: (user: KnownUser, at: number) => boolean;
  /** Hits and records on a page. */
  limit?: number;
  /** What is stored at all, where that may be less than what the company has: nothing else is owed to anybody. */
  stored?: ReadonlySet<string>;
  /** The ways that count; all of them when absent. */
  ways?: readonly Difference['way'][];
}

/**
 * Holds all that everybody is shown against the oracle. Empty: everything agrees.
 * @param truths one: what is shown must be that, both ways. Several: the moments of a window; each pair that is shown
 * must have been right at one of them, and nothing is owed
 */
export async function compare(
  { db, connectionId, users, looksEverywhere, limit, stored, ways: counted }: Comparison,
  ...truths: [Truth, ...Truth[]]
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const [truth] = truths;
  const isStill = truths.length === 1;
  compared.pairs += users.length * everythingIn(truth).length;
  for (const [at, user] of users.entries()) {
    const { userId, email } = user;
    const accountId = accountOf(truth, email);
    const allowed = new Set(truths.flatMap((each) => [...visibleTo(each, accountOf(each, email))]));
    const owed = truths.length > 1 ? [] : owedTo(truth, allowed).filter((id) => stored?.has(id) !== false);
    const note = (way: Difference['way'], leaked: string[], hidden: string[]) => {
      if (counted?.includes(way) !== false && leaked.length + hidden.length > 0)
        differences.push({ email, accountId, way, leaked, hidden });
    };
    if (looksEverywhere?.(user, at) === false) {
      const { ids, above } = await walkRecords(db, connectionId, userId, 10_000);
      note('records', extra(ids, allowed, isStill), missing(owed, ids));
      note('above', extra([...new Set(above)], allowed, isStill), []);
      continue;
    }
    const { totals, above, ...ways } = await shownTo(db, connectionId, userId, everywhere, limit);
    for (const [way, ids] of Object.entries(ways) as [keyof typeof ways, string[]][])
      note(way, extra(ids, allowed, isStill), missing(owed, ids));
    note('above', extra(above, allowed, isStill), []);
    // In a window the pages of a walk are of different moments: a total of the first is none of the last.
    if (isStill && (totals[0] !== ways.search.length || totals[1] !== ways.word.length))
      note('totals', totals.map(String), []);
  }
  return differences;
}

/** What should not be there, or is there twice on pages of one moment. */
function extra(ids: readonly string[], allowed: ReadonlySet<string>, isStill: boolean): string[] {
  return ids.filter((id, at) => !allowed.has(id) || (isStill && ids.indexOf(id) !== at));
}

function missing(owed: readonly string[], ids: readonly string[]): string[] {
  const shown = new Set(ids);
  return owed.filter((id) => !shown.has(id));
}

/**
 * What must be shown of what may be. Archived content is not indexed, nor what is below it; where two lists of a space
 * disagree while a site changes over, showing less is right.
 */
function owedTo(truth: Truth, allowed: ReadonlySet<string>): string[] {
  if (truth.site.spaceRoleMode === 'ROLES_TRANSITION' && !rolesSayTheSame(truth)) return [];
  const host = new Map([...truth.comments, ...truth.attachments].map((one) => [one.id, one.containerId]));
  const content = new Map(truth.content.map((one) => [one.id, one]));
  const isIndexed = (item: Content | undefined): boolean =>
    item !== undefined &&
    item.status === 'current' &&
    (item.parentId === null || item.type === 'blogpost' || isIndexed(content.get(item.parentId)));
  return [...allowed].filter((id) => isIndexed(content.get(host.get(id) ?? id)));
}

function rolesSayTheSame({ spaces, roles = [] }: Truth): boolean {
  const opening = new Set(
    roles.filter((role) => role.spacePermissions.includes('read/space')).map(({ id }) => id),
  );
  const told = (list: { principal: object }[]) =>
    [...new Set(list.map(({ principal }) => JSON.stringify(principal)))].sort().join();
  return spaces.every(
    ({ permissions, roleAssignments }) =>
      told(permissions.filter(({ operation, target }) => operation === 'read' && target === 'space')) ===
      told(roleAssignments.filter(({ roleId }) => opening.has(roleId))),
  );
}

export function leaksOf(differences: readonly Difference[]): Difference[] {
  return differences.filter(({ leaked }) => leaked.length > 0);
}
