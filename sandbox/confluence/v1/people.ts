import type { WorldStore } from '../../world/store.ts';
import type { Group, Person } from '../../world/types.ts';
import { siteBase } from '../links.ts';

const picture = (path: string) => ({
  path: `/wiki/aa-avatar/${path}`,
  width: 48,
  height: 48,
  isDefault: true,
});

/** A user as v1 shows one: a hidden email is an empty string, save to its owner. */
export function userOf(store: WorldStore, person: Person, asker: string | null): Record<string, unknown> {
  return {
    type: 'known',
    accountId: person.accountId,
    // The document knows no customers here.
    accountType: person.type === 'customer' ? '' : person.type,
    email: person.emailVisible || person.accountId === asker ? person.email : '',
    publicName: person.name,
    profilePicture: picture(encodeURIComponent(person.accountId)),
    displayName: person.name,
    timeZone: person.emailVisible ? person.timeZone : null,
    isExternalCollaborator: person.guest,
    isGuest: person.guest,
    _expandable: { operations: '', personalSpace: '' },
    _links: { self: `${siteBase(store)}/rest/api/user?accountId=${encodeURIComponent(person.accountId)}` },
  };
}

/** An account that is named but no longer exists. */
export function userById(
  store: WorldStore,
  accountId: string,
  asker: string | null,
): Record<string, unknown> {
  const person = store.person(accountId);
  if (person !== undefined) return userOf(store, person, asker);
  return {
    type: 'unknown',
    accountId,
    accountType: '',
    email: '',
    publicName: 'Former user',
    profilePicture: picture('unknown'),
    displayName: 'Former user',
    _expandable: { operations: '', personalSpace: '' },
    _links: {},
  };
}

/** A visitor; `operations` tells what one may do on the site as a whole. */
export function anonymous(store: WorldStore, operations = false): Record<string, unknown> {
  const may = store.site.anonymousAccess ? [{ operation: 'use', targetType: 'application' }] : [];
  return {
    type: 'anonymous',
    profilePicture: picture('anonymous'),
    displayName: 'Anonymous',
    ...(operations ? { operations: may } : {}),
    _expandable: operations ? {} : { operations: '' },
    _links: { base: siteBase(store), context: '/wiki' },
  };
}

export function groupOf(
  store: WorldStore,
  { id, name }: Pick<Group, 'id' | 'name'>,
): Record<string, unknown> {
  return {
    type: 'group',
    name,
    id,
    usageType: 'USERBASE_GROUP',
    managedBy: 'ADMINS',
    _links: { self: `${siteBase(store)}/rest/api/group/by-id?id=${encodeURIComponent(id)}` },
  };
}
