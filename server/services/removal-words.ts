import type { RemovalCause } from '../../store/schema.ts';

/** In the order in which they are offered. */
export const removalCauses = [
  'trashed',
  'archived',
  'deleted',
  'not_shown',
  'container_gone',
  'space_archived',
  'space_trashed',
  'space_gone',
  'out_of_scope',
] as const satisfies RemovalCause[];

/** Why a record is not here any more, as an administrator reads it. Atlassian does not tell a deletion for good from a lost right. */
export function removalReason(cause: RemovalCause, account: string | null): string {
  const crawler = account === null || account === '' ? 'the connected account' : account;
  switch (cause) {
    case 'trashed':
      return 'It is in the trash in Confluence.';
    case 'archived':
      return 'It is archived in Confluence.';
    case 'deleted':
      return 'It was deleted in Confluence.';
    case 'not_shown':
      return `Confluence does not show it to ${crawler} any more: its access was taken away, or it was deleted for good.`;
    case 'container_gone':
      return 'It belonged to a page or blog post that is gone.';
    case 'space_archived':
      return 'Its space is archived.';
    case 'space_trashed':
      return 'Its space is in the trash.';
    case 'space_gone':
      return `Confluence does not show its space to ${crawler} any more: its access was taken away, or the space was deleted.`;
    case 'out_of_scope':
      return 'The settings of this connection leave its space out.';
  }
}
