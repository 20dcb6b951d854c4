import type { BrakeFacts } from '../../store/brake-shares.ts';
import type { RemovalCause } from '../../store/schema.ts';

/** After a number of records. */
const words: Record<RemovalCause, string> = {
  trashed: 'in the trash',
  archived: 'archived',
  deleted: 'deleted',
  not_shown:
    'not shown to the connected account any more (its access was taken away, or they were deleted for good)',
  space_archived: 'in archived spaces',
  space_trashed: 'in spaces that are in the trash',
  space_gone:
    'in spaces not shown to the connected account any more (its access was taken away, or they were deleted)',
  out_of_scope: 'in spaces that are not synced',
  container_gone: 'comments and attachments of pages and posts that are gone',
};

const goesAlong = (cause: string) => cause === 'container_gone';

/** What an administrator is asked about: how much would be removed, and why: the most frequent reason first, what only goes along last. */
export function brakeWords(name: string, { found, total, causes }: Omit<BrakeFacts, 'sample'>): string {
  const reasons = Object.entries(causes)
    .sort(([a, one], [b, other]) => Number(goesAlong(a)) - Number(goesAlong(b)) || other - one)
    .map(([cause, count]) => `${count} ${words[cause as RemovalCause]}`);
  return `${found} of ${total} records of "${name}" would be removed: ${reasons.join(', ')}. They are hidden, and nothing of it is removed until you decide: see Removed, under Runs.`;
}
