import type { Principal } from './types.ts';

/** What is known of one Atlassian account on one site, from the last reading. */
export interface AccountFacts {
  accountId: string;
  active: boolean;
  guest: boolean;
  /** Groups whose member lists were read completely. */
  groups: readonly { id: string; opensProduct: boolean; administers: boolean }[];
}

/**
 * Every principal that an account holds on its site. An account that is not active holds none.
 *
 * Access classes are kept apart (reference: Confluence v2 role assignments, principalType ACCESS_CLASS):
 * licensed users are members of a group that opens the product and no guests; `authenticated-users` and `anonymous-users` are
 * given to people with product access and to guests only, never to everyone; `jsm-project-admins` can't be
 * determined here and is given to nobody.
 */
export function principalsOf(account: AccountFacts): Set<Principal> {
  const held = new Set<Principal>();
  if (!account.active) return held;
  held.add(`user:${account.accountId}`);
  for (const group of account.groups) held.add(`group:${group.id}`);
  const licensed = !account.guest && account.groups.some((group) => group.opensProduct);
  if (licensed) held.add('class:all-licensed-users');
  if (account.guest) held.add('class:guests');
  if (licensed || account.guest) {
    held.add('class:authenticated-users');
    held.add('class:anonymous-users');
  }
  if (account.groups.some((group) => group.administers)) held.add('class:all-product-admins');
  return held;
}

/**
 * What everybody holds who can sign in here, on a connection whose administrator shows to everyone what the site shows
 * to visitors: spaces that admit `anonymous-users`, and nothing that is restricted.
 */
export const visitorPrincipals: ReadonlySet<Principal> = new Set(['class:anonymous-users', 'class:visitors']);
