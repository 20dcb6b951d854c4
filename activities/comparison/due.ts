import type { Layer } from '../../permissions/types.ts';
import type { ItemPath } from '../../store/path-layers.ts';
import type { PermissionDueKind } from '../../store/schema.ts';

/** Groups of one disagreement that are read again before their turn. */
const groupsAtMost = 20;

/** Everything that led to an answer: product, space, the item and what is above it, the groups named, the account. */
export function dueOf(
  accountId: string,
  layers: readonly Layer[],
  path: ItemPath | undefined,
): { kind: PermissionDueKind; sourceId: string }[] {
  const groups = layers.flatMap(({ principals }) =>
    principals.flatMap((one) => (one.startsWith('group:') ? [one.slice('group:'.length)] : [])),
  );
  return [
    { kind: 'product', sourceId: 'product' },
    ...(path?.spaceId == null ? [] : [{ kind: 'space' as const, sourceId: path.spaceId }]),
    ...(path?.places ?? []).map((sourceId) => ({ kind: 'content' as const, sourceId })),
    ...[...new Set(groups)].slice(0, groupsAtMost).map((sourceId) => ({ kind: 'group' as const, sourceId })),
    { kind: 'account', sourceId: accountId },
  ];
}
