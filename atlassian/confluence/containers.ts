import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import type { ConfluenceContainer, ContainerKind, PlaceKind } from './types.ts';
import { id, instant, optionalId, parent, webLinks } from './wire.ts';

const container = z.object({
  id,
  status: z.string().nullish(),
  title: z.string().nullish(),
  spaceId: optionalId,
  ...parent,
  authorId: optionalId,
  createdAt: instant.nullish(),
  version: z.object({ number: z.number() }).nullish(),
  _links: webLinks,
});

const folders: Record<ContainerKind, string> = {
  folder: 'folders',
  whiteboard: 'whiteboards',
  database: 'databases',
  embed: 'embeds',
};

/** Folders, whiteboards, databases and embeds, which have no listing of their own. */
export function createContainers(api: Api) {
  return {
    async readContainer(kind: ContainerKind, containerId: string): Promise<ConfluenceContainer> {
      const answer = await api.call({
        path: `/wiki/api/v2/${folders[kind]}/${encodeURIComponent(containerId)}`,
        estimate: pointsOf({ core: 1 }),
        schema: container,
        points: () => pointsOf({ core: 1 }),
      });
      const { _links: webPath, ...value } = answer.value;
      return {
        id: value.id,
        kind,
        status: value.status ?? 'current',
        title: value.title ?? '',
        spaceId: value.spaceId,
        parentId: value.parentId,
        parentKind: value.parentId === null ? null : ((value.parentType ?? 'page') as PlaceKind),
        authorId: value.authorId,
        createdAt: value.createdAt ?? null,
        version: value.version?.number ?? 1,
        webPath,
      };
    },
  };
}
