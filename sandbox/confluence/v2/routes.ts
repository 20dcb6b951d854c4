import type { Route } from '../route.ts';
import { attachmentRoutes } from './attachments.ts';
import { commentRoutes } from './comments.ts';
import { labelRoutes } from './labels.ts';
import { pageRoutes } from './pages.ts';
import { peopleRoutes } from './people.ts';
import { spaceRoutes } from './spaces.ts';
import { treeRoutes } from './tree.ts';

export const v2Routes: Route[] = [
  ...spaceRoutes,
  ...pageRoutes,
  ...treeRoutes,
  ...commentRoutes,
  ...attachmentRoutes,
  ...labelRoutes,
  ...peopleRoutes,
];
