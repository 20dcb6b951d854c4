import type { Indexes } from './indexes.ts';
import { SPACE_ROLES } from './roles.ts';
import type {
  AuditRecord,
  Content,
  ContentType,
  Group,
  Person,
  Principal,
  Restriction,
  Space,
} from './types.ts';

type Named = AuditRecord['affectedObject'];
type Change = AuditRecord['changedValues'][number];

/**
 * What Confluence's audit log tells of a change: names as they were at that moment, and no ids. Of a restriction or a
 * permission the affected object is the person or group, and where it applies is among the associated objects. Changes
 * that a restriction or a move makes below itself leave no record of their own (CONFCLOUD-83729).
 */
export interface AuditTrail {
  restricted(item: Content, operation: 'read' | 'update', before: Restriction, after: Restriction): void;
  moved(item: Content, from: Space): void;
  retitled(item: Content, before: string): void;
  spacePermissions(space: Space, before: Space['permissions']): void;
  spaceRoles(space: Space, before: Space['roleAssignments']): void;
  spaceChanged(space: Space, summary: string, changed?: Change[]): void;
  membership(group: Group, accountId: string, summary: string): void;
  group(group: Group, summary: string, changed?: Change[]): void;
  person(person: Person, summary: string): void;
  anonymousAccess(allowed: boolean): void;
}

const contentTypes: Record<ContentType, string> = {
  page: 'Page',
  blogpost: 'Blog',
  folder: 'Folder',
  whiteboard: 'Whiteboard',
  database: 'Database',
  embed: 'Smart link',
};

export function createAuditTrail(indexes: Indexes, now: () => Date): AuditTrail {
  const append = (
    summary: string,
    category: string,
    affectedObject: Named,
    associatedObjects: Named[] = [],
    changedValues: Change[] = [],
  ): void => {
    const options = indexes.world.behaviour.auditLog;
    if (options?.omitted?.includes(summary)) return;
    const author = indexes.world.people.find(({ confluenceAdmin }) => confluenceAdmin);
    indexes.world.audit.push({
      author: { accountId: author?.accountId ?? '', displayName: author?.name ?? 'System' },
      remoteAddress: '192.0.2.17',
      creationDate: now().getTime(),
      summary,
      description: '',
      category,
      affectedObject,
      associatedObjects,
      changedValues,
    });
  };
  const nameOf = (principal: Principal): Named => {
    if (principal.type === 'class') return { name: principal.id, objectType: 'User class' };
    const isUser = principal.type === 'user';
    const known = isUser ? indexes.people.get(principal.id) : indexes.groups.get(principal.id);
    return { name: known?.name ?? principal.id, objectType: isUser ? 'User' : 'Group' };
  };
  const inSpace = (spaceId: string): Named[] => {
    const space = indexes.spaces.get(spaceId);
    return space === undefined ? [] : [{ name: space.name, objectType: 'Space' }];
  };
  const titled = (item: Content): Named => ({ name: item.title, objectType: contentTypes[item.type] });

  /** One record for each that came or went. */
  function differences<T>(
    before: readonly T[],
    after: readonly T[],
    record: (one: T, came: boolean) => void,
  ): void {
    const [had, has] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
    for (const one of after) if (!had.has(keyOf(one))) record(one, true);
    for (const one of before) if (!has.has(keyOf(one))) record(one, false);
  }

  return {
    restricted(item, operation, before, after) {
      const type = operation === 'read' ? 'View' : 'Edit';
      differences(principalsOf(before), principalsOf(after), (principal, came) => {
        const who = nameOf(principal);
        append(
          came ? 'Content restriction added' : 'Content restriction removed',
          'Permissions',
          who,
          [titled(item), ...inSpace(item.spaceId)],
          [change('Type', type, came), change(who.objectType, who.name, came)],
        );
      });
    },
    moved(item, from) {
      const to = inSpace(item.spaceId);
      const changed = [{ name: 'Space', oldValue: from.name, newValue: to[0]?.name ?? '' }];
      append('Page moved', 'Pages', titled(item), to, changed);
    },
    retitled(item, before) {
      // Whether Confluence logs this is not established: only where the world says so.
      if (indexes.world.behaviour.auditLog?.titles !== true) return;
      const changed = [{ name: 'Title', oldValue: before, newValue: item.title }];
      append('Page title changed', 'Pages', titled(item), inSpace(item.spaceId), changed);
    },
    spacePermissions(space, before) {
      const held = (all: Space['permissions']) => all.map(({ id: _id, ...permission }) => permission);
      differences(held(before), held(space.permissions), ({ principal, operation, target }, came) =>
        append(
          came ? 'Space permission added' : 'Space permission removed',
          'Permissions',
          nameOf(principal),
          inSpace(space.id),
          [change('Type', `${operation} ${target}`.toUpperCase(), came)],
        ),
      );
    },
    spaceRoles(space, before) {
      differences(before, space.roleAssignments, ({ principal, roleId }, came) =>
        append(
          came ? 'Space role assigned' : 'Space role removed',
          'Permissions',
          nameOf(principal),
          inSpace(space.id),
          [change('Role', SPACE_ROLES.find(({ id }) => id === roleId)?.name ?? roleId, came)],
        ),
      );
    },
    spaceChanged: (space, summary, changed) =>
      append(summary, 'Spaces', { name: space.name, objectType: 'Space' }, [], changed),
    membership: (group, accountId, summary) =>
      append(summary, 'Users and groups', { name: group.name, objectType: 'Group' }, [
        nameOf({ type: 'user', id: accountId }),
      ]),
    group: (group, summary, changed) =>
      append(summary, 'Users and groups', { name: group.name, objectType: 'Group' }, [], changed),
    person: (person, summary) =>
      append(summary, 'Users and groups', { name: person.name, objectType: 'User' }),
    anonymousAccess: (allowed) =>
      append(
        allowed ? 'Global permission added' : 'Global permission removed',
        'Permissions',
        { name: 'Anonymous', objectType: 'Anonymous' },
        [],
        [change('Type', 'USECONFLUENCE', allowed)],
      ),
  };
}

function principalsOf({ users, groups }: Restriction): Principal[] {
  return [
    ...users.map((id) => ({ type: 'user' as const, id })),
    ...groups.map((id) => ({ type: 'group' as const, id })),
  ];
}

function change(name: string, value: string, came: boolean): Change {
  return { name, oldValue: came ? '' : value, newValue: came ? value : '' };
}

const keyOf = (value: unknown): string => JSON.stringify(value);
