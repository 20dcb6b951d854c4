import { SPACE_ROLES } from '../../world/roles.ts';
import type { Principal, Space } from '../../world/types.ts';
import { canViewSpace } from '../../world/visibility.ts';
import type { Order } from '../keyset.ts';
import { inOrder } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';
import { pageOf, singleAnswer } from './answers.ts';
import { space as serialise } from './serialise.ts';

const TYPES = [
  'global',
  'collaboration',
  'knowledge_base',
  'personal',
  'system',
  'onboarding',
  'xflow_sample_space',
] as const;
const SORTS = ['id', '-id', 'key', '-key', 'name', '-name'] as const;
const PRINCIPAL_TYPES = ['USER', 'GROUP', 'ACCESS_CLASS'] as const;

function visibleSpace({ context, accountId, params }: Ask): Space {
  const space = context.store.space(params.id!);
  if (space === undefined || !canViewSpace(context.store, accountId, space.id)) throw notFound('space');
  return space;
}

function list(ask: Ask): Answer {
  const { context, accountId, query } = ask;
  const ids = new Set(query.ids('ids', 250));
  const keys = new Set(query.list('keys'));
  const type = query.choice('type', TYPES);
  const status = query.choice('status', ['current', 'archived', 'trashed']);
  const sort = query.choice('sort', SORTS) ?? 'id';
  const name = sort.replace('-', '') as 'id' | 'key' | 'name';
  const order: Order<Space> = {
    name: `space-${name}`,
    descending: sort.startsWith('-'),
    id: ({ id }) => id,
    key: name === 'id' ? () => 0 : (space) => space[name],
  };
  const wanted = context.store.spaces().filter(
    (space) =>
      // Worlds give labels to content only.
      query.list('labels').length === 0 &&
      (ids.size === 0 || ids.has(space.id)) &&
      (keys.size === 0 || keys.has(space.key)) &&
      (type === undefined || space.type === type) &&
      (status === undefined || space.status === status) &&
      canViewSpace(context.store, accountId, space.id),
  );
  return pageOf(ask, {
    items: inOrder(wanted, order),
    order,
    render: (space) => ({ ...serialise(space), currentActiveAlias: space.key }),
    cost: 'core',
  });
}

interface Row {
  id: string;
  principal: Principal;
  operation: string;
  target: string;
}

/**
 * Who may do what in a space. In role mode the rows follow from the role assignments. How Atlassian shows access
 * classes here is not established (the document's principal types are user, group and role): they appear as
 * `{type: 'role', id: '<class>'}`.
 */
function permissions(ask: Ask): Answer {
  const space = visibleSpace(ask);
  const inRoles = ask.context.store.site.spaceRoleMode === 'ROLES';
  const rows: Row[] = inRoles ? rowsOfRoles(space) : space.permissions;
  const order: Order<Row> = { name: 'permission', descending: false, key: () => 0, id: ({ id }) => id };
  return pageOf(ask, {
    items: inOrder(rows, order),
    order,
    cost: 'identity',
    render: ({ id, principal, operation, target }) => ({
      id,
      principal: { type: principal.type === 'class' ? 'role' : principal.type, id: principal.id },
      operation: { key: operation, targetType: target },
    }),
  });
}

function rowsOfRoles({ id, roleAssignments }: Space): Row[] {
  return roleAssignments.flatMap(({ principal, roleId }, assignment) =>
    (SPACE_ROLES.find((role) => role.id === roleId)?.spacePermissions ?? [])
      .map((permission) => permission.split('/') as [string, string])
      // Operations on the caller's own content are no operation of this listing.
      .filter(([, target]) => target !== 'own')
      .map(([operation, target], index) => ({
        id: `${id}${String(assignment).padStart(4, '0')}${String(index).padStart(2, '0')}`,
        principal,
        operation,
        target,
      })),
  );
}

function roleAssignments(ask: Ask): Answer {
  const space = visibleSpace(ask);
  const { query, context } = ask;
  const [roleId, principalId] = [query.text('role-id'), query.text('principal-id')];
  const principalType = query.choice('principal-type', PRINCIPAL_TYPES);
  const inRoles = context.store.site.spaceRoleMode !== 'PRE_ROLES';
  const rows = (inRoles ? space.roleAssignments : [])
    .map(({ principal, roleId: id }) => ({
      principal: {
        principalType: principal.type === 'class' ? 'ACCESS_CLASS' : principal.type.toUpperCase(),
        principalId: principal.id,
      },
      roleId: id,
    }))
    .filter(
      (row) =>
        (roleId === undefined || row.roleId === roleId) &&
        (principalId === undefined || row.principal.principalId === principalId) &&
        (principalType === undefined || row.principal.principalType === principalType),
    );
  type Assignment = (typeof rows)[number];
  const order: Order<Assignment> = {
    name: 'assignment',
    descending: false,
    key: ({ roleId: id }) => id,
    id: ({ principal }) => `${principal.principalType}:${principal.principalId}`,
  };
  return pageOf(ask, { items: inOrder(rows, order), order, cost: 'identity', render: (row) => row });
}

/** The site's roles, or those that are assigned in a space or to a principal. */
function roles(ask: Ask): Answer {
  const { context, accountId, query } = ask;
  const [spaceId, type, principalId] = [
    query.text('space-id'),
    query.text('role-type'),
    query.text('principal-id'),
  ];
  query.choice('principal-type', PRINCIPAL_TYPES);
  if (spaceId !== undefined && !canViewSpace(context.store, accountId, spaceId)) throw notFound('space');
  const narrowed = spaceId !== undefined || principalId !== undefined;
  const assigned = new Set(
    context.store
      .spaces()
      .filter(
        ({ id }) => (spaceId === undefined || id === spaceId) && canViewSpace(context.store, accountId, id),
      )
      .flatMap((space) => space.roleAssignments)
      .filter(({ principal }) => principalId === undefined || principal.id === principalId)
      .map(({ roleId }) => roleId),
  );
  const found = SPACE_ROLES.filter(
    (role) =>
      (type === undefined || role.type === type.toUpperCase()) && (!narrowed || assigned.has(role.id)),
  );
  const order: Order<(typeof found)[number]> = {
    name: 'role',
    descending: false,
    key: () => 0,
    id: ({ id }) => id,
  };
  return pageOf(ask, { items: inOrder(found, order), order, render: (role) => role });
}

const base = '/wiki/api/v2';
export const spaceRoutes: Route[] = [
  { method: 'get', path: `${base}/spaces`, scopes: ['read:space:confluence'], handle: list },
  {
    method: 'get',
    path: `${base}/spaces/{id}`,
    scopes: ['read:space:confluence'],
    handle: (ask) => singleAnswer(ask, serialise(visibleSpace(ask))),
  },
  {
    method: 'get',
    path: `${base}/spaces/{id}/permissions`,
    scopes: ['read:space:confluence'],
    handle: permissions,
  },
  {
    method: 'get',
    path: `${base}/spaces/{id}/role-assignments`,
    scopes: ['read:space.permission:confluence'],
    handle: roleAssignments,
  },
  { method: 'get', path: `${base}/space-roles`, scopes: ['read:space.permission:confluence'], handle: roles },
  {
    method: 'get',
    path: `${base}/space-role-mode`,
    scopes: ['read:configuration:confluence'],
    handle: ({ context }) => ({ body: { mode: context.store.site.spaceRoleMode } }),
  },
];
