import type { Route } from '../route.ts';
import { Refusal } from '../route.ts';

/**
 * Operations that Atlassian has taken out of v1 and that answer 410 since. They stand behind the ones that still
 * exist, because Express takes the first path that fits.
 */
const REMOVED = [
  '/content',
  '/content/{id}',
  '/content/{id}/child',
  '/content/{id}/child/{type}',
  '/content/{id}/child/{type}/{depth}',
  '/content/{id}/history',
  '/content/{id}/version',
  '/content/{id}/property',
  '/space',
  '/space/{spaceKey}',
  '/space/{spaceKey}/content',
  '/space/{spaceKey}/content/{type}',
];

export const removedRoutes: Route[] = REMOVED.map((path) => ({
  method: 'get',
  path: `/wiki/rest/api${path}`,
  scopes: [],
  handle: () => {
    throw new Refusal(410, 'This deprecated endpoint has been removed.');
  },
}));
