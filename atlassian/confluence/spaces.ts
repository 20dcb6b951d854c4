import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import { readAll, type Listing } from './listing.ts';
import type { SpaceListing } from './listings.ts';
import type { Batch, ConfluenceSpace, RoleAssignment, SpacePermission, SpaceRole } from './types.ts';
import { id, listOf, optionalId, webLinks } from './wire.ts';

const space = z.object({
  id,
  key: z.string().min(1),
  name: z.string().nullish(),
  type: z.string(),
  status: z.string(),
  homepageId: optionalId,
  _links: webLinks,
});
/** A principal that is no person and no group may have no id: it then admits nobody that we know. */
const principalId = optionalId.transform((value) => value ?? '');
const permission = z.object({
  principal: z.object({ type: z.string(), id: principalId }),
  operation: z.object({ key: z.string(), targetType: z.string() }),
});
const assignment = z.object({
  principal: z.object({ principalType: z.string(), principalId }),
  // Without a role it grants none that the site lists.
  roleId: principalId,
});
const role = z.object({
  id,
  name: z.string().nullish(),
  spacePermissions: z
    .array(z.string())
    .nullish()
    .transform((ids) => ids ?? []),
});

/** Spaces, who may do what in them, and the roles of sites that have role-based access. */
export function createSpaces(api: Api, listing: Listing) {
  return {
    listSpaces(options: SpaceListing): Promise<Batch<ConfluenceSpace>> {
      return listing.batch({
        path: '/wiki/api/v2/spaces',
        query: { ids: options.ids, keys: options.keys, status: options.status },
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        cursor: options.cursor,
        item: space,
        kind: 'core',
        list: listOf,
        map: ({ _links, name, ...item }) => ({ ...item, name: name ?? item.key, webPath: _links }),
      });
    },

    async readSpaceRoleMode(): Promise<string> {
      const { value } = await api.call({
        path: '/wiki/api/v2/space-role-mode',
        estimate: pointsOf({}),
        schema: z.object({ mode: z.string() }),
        points: () => pointsOf({}),
      });
      return value.mode;
    },

    listSpaceRoles(): Promise<SpaceRole[]> {
      return readAll((cursor) =>
        listing.batch({
          path: '/wiki/api/v2/space-roles',
          query: {},
          cursor,
          item: role,
          kind: 'identity',
          list: listOf,
          map: (item) => ({ id: item.id, name: item.name ?? '', permissions: item.spacePermissions }),
        }),
      );
    },

    listSpacePermissions(spaceId: string): Promise<SpacePermission[]> {
      return readAll((cursor) =>
        listing.batch({
          path: `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}/permissions`,
          query: {},
          cursor,
          item: permission,
          kind: 'identity',
          list: listOf,
          map: ({ principal, operation }) => ({
            principal,
            operation: operation.key,
            target: operation.targetType,
          }),
        }),
      );
    },

    listRoleAssignments(spaceId: string): Promise<RoleAssignment[]> {
      return readAll((cursor) =>
        listing.batch({
          path: `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}/role-assignments`,
          query: {},
          cursor,
          item: assignment,
          kind: 'identity',
          list: listOf,
          map: ({ principal, roleId }) => ({
            principal: { type: principal.principalType, id: principal.principalId },
            roleId,
          }),
        }),
      );
    },
  };
}
