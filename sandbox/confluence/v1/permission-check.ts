import { z } from 'zod';
import type { WorldStore } from '../../world/store.ts';
import type { Content } from '../../world/types.ts';
import { roleOpensSpace } from '../../world/roles.ts';
import { canView, isProductAdmin } from '../../world/visibility.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import type { Operation } from './restriction-model.ts';

const BODY = z.object({
  subject: z.object({ type: z.enum(['user', 'group']), identifier: z.string().min(1) }),
  operation: z.enum(['read', 'update', 'delete']),
});

/** Atlassian's own verdict on one subject and one piece of content: site, space and restrictions together. */
function check(ask: Ask): Answer {
  const { store } = ask.context;
  const parsed = BODY.safeParse(ask.body);
  if (!parsed.success) throw new Refusal(400, 'subject and operation are required');
  const { subject, operation } = parsed.data;
  const isSelf = subject.type === 'user' && subject.identifier === ask.accountId;
  const isAdmin = ask.accountId !== null && isProductAdmin(store, ask.accountId);
  if (!isSelf && !isAdmin)
    throw new Refusal(403, 'Only Confluence administrators may check the permissions of others');
  const item = store.content(ask.params.id!);
  if (item === undefined || item.status === 'deleted') throw notFound(`content with id: ${ask.params.id}`);
  const hasPermission =
    subject.type === 'user'
      ? canView(store, subject.identifier, item.id) &&
        (operation === 'read' || userPasses(store, item, subject.identifier))
      : groupCanView(store, item, subject.identifier) &&
        (operation === 'read' || groupPasses(item, 'update', subject.identifier));
  return { body: { hasPermission, errors: [], _links: {} }, identity: 1 };
}

/** Editing is held up by the page's own edit restriction: it is not inherited. */
function userPasses(store: WorldStore, { restrictions: { update } }: Content, accountId: string): boolean {
  if (update.users.length === 0 && update.groups.length === 0) return true;
  return update.users.includes(accountId) || update.groups.some((id) => store.groupsOf(accountId).has(id));
}

/** A group passes where it is itself named or nothing restricts: what its members hold besides does not count. */
function groupCanView(store: WorldStore, item: Content, groupId: string): boolean {
  const group = store.group(groupId);
  const space = store.space(item.spaceId);
  if (group === undefined || space === undefined || item.status === 'draft') return false;
  const opens =
    store.site.spaceRoleMode === 'ROLES'
      ? space.roleAssignments.filter(({ roleId }) => roleOpensSpace(roleId))
      : space.permissions.filter(({ operation, target }) => operation === 'read' && target === 'space');
  return (
    opens.some(({ principal }) => principal.type === 'group' && principal.id === groupId) &&
    [...store.ancestors(item.id), item].every((layer) => groupPasses(layer, 'read', groupId))
  );
}

function groupPasses({ restrictions }: Content, operation: Operation, groupId: string): boolean {
  const { users, groups } = restrictions[operation];
  return (users.length === 0 && groups.length === 0) || groups.includes(groupId);
}

export const permissionRoutes: Route[] = [
  {
    method: 'post',
    path: '/wiki/rest/api/content/{id}/permission/check',
    scopes: ['read:confluence-content.permission', 'read:content.permission:confluence'],
    handle: check,
  },
];
