import type { Route } from '../route.ts';
import { siteBase } from '../links.ts';
import { auditRoutes } from './audit.ts';
import { downloadRoutes } from './download.ts';
import { groupRoutes } from './groups.ts';
import { labellingRoutes } from './labelling.ts';
import { permissionRoutes } from './permission-check.ts';
import { restrictionRoutes } from './restrictions.ts';
import { searchRoutes } from './search.ts';
import { userRoutes } from './users.ts';

const systemInfo: Route = {
  method: 'get',
  path: '/wiki/rest/api/settings/systemInfo',
  scopes: ['manage:confluence-configuration', 'read:configuration:confluence'],
  handle: ({ context: { store, options } }) => ({
    body: {
      cloudId: store.site.cloudId,
      commitHash: '0000000000000000000000000000000000000000',
      baseUrl: siteBase(store),
      edition: 'standard',
      siteTitle: store.site.name,
      defaultLocale: 'en_GB',
      defaultTimeZone: options.siteTimeZone,
    },
  }),
};

export const v1Routes: Route[] = [
  ...searchRoutes,
  ...restrictionRoutes,
  ...permissionRoutes,
  ...groupRoutes,
  ...userRoutes,
  ...auditRoutes,
  ...downloadRoutes,
  ...labellingRoutes,
  systemInfo,
];
