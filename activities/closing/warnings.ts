import type { LostSpace } from '../../store/run-findings.ts';

/** Names at most so many in one message. */
const named = 5;

/** What a connection is that shows nothing, in words; null where it shows something. */
export function nothingFound(
  { holds, held, spaces }: { holds: boolean; held: boolean; spaces: number },
  account: string | null,
): string | null {
  if (holds) return null;
  const who = account ?? 'the account that reads';
  if (held) {
    return `Confluence shows nothing to ${who} any more, where it showed pages before. Check the account's rights and the scope; what was found before is hidden.`;
  }
  return spaces === 0
    ? `Confluence shows no space in scope to ${who}. Check the account's rights, and whether the scope takes in the spaces that you want.`
    : `Confluence shows nothing in the ${spaces === 1 ? 'space' : `${spaces} spaces`} in scope to ${who}. Check the account's rights.`;
}

/** Spaces that were read before and show nothing any more; null where there are none. */
export function scopeShrank(spaces: readonly LostSpace[]): string | null {
  if (spaces.length === 0) return null;
  const list = spaces
    .slice(0, named)
    .map(({ name, key, records, lasts }) => `${name} (${key}, ${records} ${lasts ? 'hidden' : 'removed'})`)
    .join(', ');
  const more = spaces.length > named ? `, and ${spaces.length - named} more` : '';
  const head =
    spaces.length === 1
      ? 'A space that was read before shows nothing any more'
      : `${spaces.length} spaces that were read before show nothing any more`;
  const why =
    spaces.length === 1
      ? 'It was archived or deleted, or the account may not view it any more'
      : 'They were archived or deleted, or the account may not view them any more';
  return `${head}: ${list}${more}. ${why}.`;
}

const things: Record<string, [one: string, many: string]> = {
  restrictions: ['restriction', 'restrictions'],
  folders: ['folder', 'folders'],
  spaces: ['space', 'spaces'],
  people: ['group', 'groups'],
};

/** Whose permissions could not be read, with what follows; null where all could. */
export function permissionsUnread(
  unread: readonly { stage: string; items: number; titles: string[] }[],
): string | null {
  const known = unread.filter(({ stage, items }) => stage in things && items > 0);
  if (known.length === 0) return null;
  const list = known
    .map(({ stage, items, titles }) => {
      const [one, many] = things[stage] ?? ['item', 'items'];
      const more = items > titles.length ? ' and others' : '';
      return `${items} ${items === 1 ? one : many} (${titles.join(', ')}${more})`;
    })
    .join('; ');
  return `Permissions that could not be read: ${list}. Nobody sees what hangs on them; each is tried again by itself. See Failed items, and Hidden from everybody.`;
}
