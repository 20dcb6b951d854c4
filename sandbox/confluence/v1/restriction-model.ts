import type { WorldStore } from '../../world/store.ts';
import type { Content, Restriction } from '../../world/types.ts';
import { siteBase } from '../links.ts';
import type { Expansion } from './expand.ts';
import { expandable } from './expand.ts';
import { groupOf, userById } from './people.ts';

export const OPERATIONS = ['read', 'update'] as const;
export type Operation = (typeof OPERATIONS)[number];

const OPEN: Restriction = { users: [], groups: [] };
/** Lists inside an expand are cut here without a word; only the restriction's own address pages through them. */
const CUT = 200;

interface Window {
  start: number;
  limit: number;
}

/** One operation's restriction. Unrestricted shows as empty lists; inherited ones never show (CONFCLOUD-71108). */
export function restrictionOf(
  store: WorldStore,
  item: Content | undefined,
  contentId: string,
  operation: Operation,
  expansion: Expansion,
  asker: string | null,
  window: Window = { start: 0, limit: CUT },
): Record<string, unknown> {
  const { users, groups } = item?.restrictions[operation] ?? OPEN;
  const inner = expansion.in('restrictions');
  const self = `${siteBase(store)}/rest/api/content/${contentId}/restriction/byOperation/${operation}`;
  const list = (ids: readonly string[], render: (id: string) => unknown): Record<string, unknown> => {
    const results = ids.slice(window.start, window.start + window.limit).map(render);
    return { results, ...window, size: results.length };
  };
  const shown: Record<string, unknown> = {};
  if (inner.has('user')) shown.user = list(users, (id) => userById(store, id, asker));
  if (inner.has('group'))
    shown.group = list(groups, (id) => groupOf(store, store.group(id) ?? { id, name: id }));
  return {
    operation,
    ...(expansion.has('restrictions')
      ? { restrictions: { ...shown, _expandable: expandable(inner, ['user', 'group']) } }
      : {}),
    _expandable: expandable(expansion, ['restrictions', 'content']),
    _links: { self },
  };
}

/** Both operations, as `restrictions` of a piece of content: what was asked for, the rest as `_expandable`. */
export function restrictionsOf(
  store: WorldStore,
  item: Content | undefined,
  contentId: string,
  expansion: Expansion,
  asker: string | null,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const operation of OPERATIONS)
    if (expansion.has(operation))
      shown[operation] = restrictionOf(store, item, contentId, operation, expansion.in(operation), asker);
  const self = `${siteBase(store)}/rest/api/content/${contentId}/restriction/byOperation`;
  return { ...shown, _expandable: expandable(expansion, OPERATIONS), _links: { self } };
}
