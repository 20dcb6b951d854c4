import type { World } from '../../sandbox/world/types.ts';

/**
 * What of a world's places differs between two moments, in words: enough to see what a finding comes from. Edits are
 * left out, there are many of them.
 */
export function placesThatChanged(before: World, after: World): string[] {
  return [
    ...differing(
      before.spaces.map(({ id, status }) => [id, status]),
      after.spaces.map(({ id, status }) => [id, status]),
    ).map((words) => `space ${words}`),
    ...differing(
      before.content.map((one) => [one.id, placeOf(one)]),
      after.content.map((one) => [one.id, placeOf(one)]),
    ),
    ...differing(
      [...before.comments, ...before.attachments].map(({ id, status }) => [id, status]),
      [...after.comments, ...after.attachments].map(({ id, status }) => [id, status]),
    ),
  ];
}

function placeOf(one: World['content'][number]): string {
  const read = one.restrictions.read;
  const closed = read.users.length + read.groups.length > 0 ? ' restricted' : '';
  return `${one.type} ${one.status} in ${one.spaceId} below ${one.parentId ?? 'nothing'}${closed}`;
}

function differing(before: [string, string][], after: [string, string][]): string[] {
  const was = new Map(before);
  const is = new Map(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((id) => was.get(id) !== is.get(id))
    .map((id) => `${id}: ${was.get(id) ?? 'not there'} -> ${is.get(id) ?? 'gone'}`);
}
