import type { Layer, Principal } from './types.ts';

/** A group that an account is a member of. */
export interface HeldGroup {
  id: string;
  name: string;
  opensProduct: boolean;
  administers: boolean;
  /** When its members were read last: ISO 8601 in UTC, null where that is not known. */
  readAt: string | null;
}

/** What one account of a person holds on its site, and whence. A visitor is the account ''. */
export interface Holdings {
  accountId: string;
  name: string;
  guest: boolean;
  groups: readonly HeldGroup[];
  principals: ReadonlySet<Principal>;
}

export type PathKind = 'user' | 'group' | 'product' | 'guest' | 'visitor' | 'administrator' | 'other';

/** How somebody comes by a principal that a layer admits. */
export interface Path {
  kind: PathKind;
  /** The groups that give it; empty where none does. */
  groups: { id: string; name: string; readAt: string | null }[];
  /** Names of the space roles that admit the principal there. */
  roles: string[];
}

/** How the viewer comes by `principal`, and by which role the layer admits it. */
export function pathOf(holdings: Holdings, layer: Layer, principal: Principal): Path {
  const roles = [...(layer.roles?.[principal] ?? [])];
  const path = (kind: PathKind, groups: readonly HeldGroup[] = []): Path => ({
    kind,
    groups: groups.map(({ id, name, readAt }) => ({ id, name, readAt })),
    roles,
  });
  const opening = holdings.groups.filter((group) => group.opensProduct);
  if (principal.startsWith('user:')) return path('user');
  if (principal.startsWith('group:')) {
    return path(
      'group',
      holdings.groups.filter(({ id }) => principal === `group:${id}`),
    );
  }
  if (principal === 'class:guests') return path('guest');
  if (principal === 'class:visitors') return path('visitor');
  if (principal === 'class:all-product-admins') {
    return path(
      'administrator',
      holdings.groups.filter((group) => group.administers),
    );
  }
  if (principal === 'class:all-licensed-users') return path('product', opening);
  if (holdings.guest) return path('guest');
  if (opening.length > 0) return path('product', opening);
  return path(holdings.accountId === '' ? 'visitor' : 'other');
}

/** A path in words that hold for "you" as for anybody: "through the group X, in the role Viewer". */
export function pathWords({ kind, groups, roles }: Path): string {
  const names = listed(groups.map(({ name }) => name));
  const several = groups.length > 1 ? 'groups' : 'group';
  const words: Record<PathKind, string> = {
    user: 'by name',
    group: `through the group ${names || 'that is named there'}`,
    product: `because of access to Confluence${names === '' ? '' : ` (${several} ${names})`}`,
    guest: 'as a guest of the site',
    visitor: 'as a visitor of the site, which an administrator allowed',
    administrator: `as an administrator of Confluence${names === '' ? '' : ` (${several} ${names})`}`,
    other: 'by a class of users',
  };
  return roles.length === 0
    ? words[kind]
    : `${words[kind]}, in the ${roles.length > 1 ? 'roles' : 'role'} ${listed(roles)}`;
}

/** At most three names in a sentence; the rest as a number. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  return names.length <= 3 ? shown.join(', ') : `${shown.join(', ')} and ${names.length - 3} more`;
}
