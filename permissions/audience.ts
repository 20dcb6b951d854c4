import type { Layer, Principal } from './types.ts';

/** One group of an audience, with what each of its members holds. */
export interface AudienceGroup {
  id: string;
  /** The member list was read completely. A group that is not known gives nothing. */
  known: boolean;
  /**
   * Of each member, the principals held (permissions/principals.ts). Apps, and members known to be closed, are left
   * out; one of whom nothing is known holds nothing, and so takes every class from the group.
   */
  members: readonly ReadonlySet<Principal>[];
}

/**
 * Whether an item belongs to an audience: one of its groups alone opens every layer. Then each member of that group may
 * see the item, which a property test holds. An unsettled ACL (null), an empty one, and an unknown layer belong to
 * nobody's audience. `store/audiences.ts` answers the same in SQL; another property test holds both equal.
 */
export function belongsTo(groups: readonly AudienceGroup[], layers: readonly Layer[] | null): boolean {
  if (layers === null || layers.length === 0) return false;
  return groups.some((group) => group.known && layers.every((layer) => opens(group, layer)));
}

/**
 * A layer is open to a group that it names, or by a class that every member holds. Access to the product may come to
 * each member in a way of his or her own: it says nothing about the item. A group without members opens what names it.
 */
function opens(group: AudienceGroup, layer: Layer): boolean {
  if (layer.state !== 'known') return false;
  if (layer.principals.includes(`group:${group.id}`)) return true;
  if (group.members.length === 0) return false;
  if (layer.kind === 'product') {
    return group.members.every((held) => layer.principals.some((principal) => held.has(principal)));
  }
  return layer.principals.some(
    (principal) => principal.startsWith('class:') && group.members.every((held) => held.has(principal)),
  );
}
