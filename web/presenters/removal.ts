import type { RemovalView } from '../../server/services/removals.ts';

/** Why something was removed, in two or three words. */
export const removalCauseWords: Record<RemovalView['cause'], string> = {
  trashed: 'In the trash',
  archived: 'Archived',
  deleted: 'Deleted',
  not_shown: 'Not shown any more',
  container_gone: 'Its page is gone',
  space_archived: 'Space archived',
  space_trashed: 'Space in the trash',
  space_gone: 'Space not shown',
  out_of_scope: 'Left out by the settings',
};

export function removalCause(cause: RemovalView['cause']): string {
  return removalCauseWords[cause];
}
