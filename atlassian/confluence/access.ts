import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import type { Listing } from './listing.ts';
import type { Batch, ContentAccess, ContentLabels, ViewRestriction } from './types.ts';
import { id, listOf } from './wire.ts';

const more = {
  limit: z.number().nullish(),
  size: z.number().nullish(),
  _links: z.object({ next: z.unknown().optional() }).nullish(),
};
const users = z.object({ results: z.array(z.object({ accountId: z.string().nullish() })), ...more });
const groups = z.object({ results: z.array(z.object({ id: z.string().nullish() })), ...more });
const restriction = z.object({
  restrictions: z.object({ user: users.nullish(), group: groups.nullish() }).nullish(),
});
const labelNames = z.array(z.object({ name: z.string() }));
const labelList = z.object({ results: labelNames, ...more });

const content = z.object({
  id,
  type: z.string(),
  title: z.string().nullish(),
  space: z.object({ key: z.string().nullish() }).nullish(),
  _expandable: z.object({ space: z.string().nullish() }).nullish(),
  restrictions: z.object({ read: restriction.nullish() }).nullish(),
  metadata: z.object({ labels: z.union([labelNames, labelList]).nullish() }).nullish(),
});

type Restriction = z.output<typeof restriction>;

/** `ancestors.restrictions` is never expanded: one draft ancestor would fail the whole batch (CONFCLOUD-77618). */
const expansion = [
  'restrictions.read.restrictions.user',
  'restrictions.read.restrictions.group',
  'metadata.labels',
].join(',');
const restrictionPage = 200;
const mostRestrictionPages = 500;

/** Restrictions and labels in bulk by CQL, and one restriction to its end. */
export function createAccess(api: Api, listing: Listing) {
  return {
    searchAccess(options: { cql: string; cursor: string | null }): Promise<Batch<ContentAccess>> {
      return listing.batch({
        path: '/wiki/rest/api/content/search',
        query: { cql: options.cql, expand: expansion },
        cursor: options.cursor,
        item: content,
        kind: 'core',
        list: listOf,
        extraIdentities: (item) => {
          const read = item.restrictions?.read?.restrictions;
          return (read?.user?.results.length ?? 0) + (read?.group?.results.length ?? 0);
        },
        map: ({ _expandable: links, ...item }) => {
          return {
            id: item.id,
            kind: item.type,
            title: item.title ?? '',
            spaceKey: item.space?.key ?? keyIn(links?.space),
            ...labelsIn(item),
            restriction: toViewRestriction(item.restrictions?.read ?? null),
          };
        },
      });
    },

    searchLabels(options: { cql: string; cursor: string | null }): Promise<Batch<ContentLabels>> {
      return listing.batch({
        path: '/wiki/rest/api/content/search',
        query: { cql: options.cql, expand: 'metadata.labels' },
        cursor: options.cursor,
        item: content,
        kind: 'core',
        list: listOf,
        map: (item) => ({ id: item.id, kind: item.type, labels: labelsIn(item).labels }),
      });
    },

    async count(cql: string): Promise<number> {
      const { value } = await api.call({
        path: '/wiki/rest/api/search',
        query: { cql, limit: 1, excerpt: 'none' },
        estimate: pointsOf({ core: 1 }),
        schema: z.object({ totalSize: z.number(), results: z.array(z.unknown()) }),
        points: (answer) => pointsOf({ core: answer.results.length }),
      });
      return value.totalSize;
    },

    async readRestriction(contentId: string): Promise<ViewRestriction> {
      const sum = { users: new Set<string>(), groups: new Set<string>(), unidentified: 0 };
      let start = 0;
      for (let page = 0; page < mostRestrictionPages; page += 1) {
        const { value } = await api.call({
          path: `/wiki/rest/api/content/${encodeURIComponent(contentId)}/restriction/byOperation/read`,
          query: { expand: 'restrictions.user,restrictions.group', start, limit: restrictionPage },
          estimate: pointsOf({ identity: 2 * restrictionPage }),
          schema: restriction,
          points: ({ restrictions }) =>
            pointsOf({
              identity:
                (restrictions?.user?.results.length ?? 0) + (restrictions?.group?.results.length ?? 0),
            }),
        });
        const part = toViewRestriction(value);
        for (const user of part.users) sum.users.add(user);
        for (const group of part.groups) sum.groups.add(group);
        sum.unidentified += part.unidentified;
        const step = nextStep(value);
        if (step === 0) {
          const known = value.restrictions?.user != null && value.restrictions.group != null;
          return { ...lists(sum), complete: known };
        }
        start += step;
      }
      return { ...lists(sum), complete: false };
    },
  };
}

function labelsIn(item: z.output<typeof content>): { labels: string[]; labelsComplete: boolean } {
  const labels = item.metadata?.labels ?? [];
  return {
    labels: (Array.isArray(labels) ? labels : labels.results).map(({ name }) => name),
    labelsComplete: Array.isArray(labels) || !continues(labels),
  };
}

/** The space itself is not expanded; the link to it (`/rest/api/space/ENG`) holds its key. */
function keyIn(link: string | null | undefined): string | null {
  const key = /\/space\/([^/?]+)$/.exec(link ?? '')?.[1];
  return key === undefined ? null : decodeURIComponent(key);
}

function lists(sum: { users: Set<string>; groups: Set<string>; unidentified: number }) {
  return { users: [...sum.users], groups: [...sum.groups], unidentified: sum.unidentified };
}

/** A list that was not expanded is not an empty one: then the restriction is incomplete, and must be read by itself. */
function toViewRestriction(read: Restriction | null): ViewRestriction {
  const user = read?.restrictions?.user;
  const group = read?.restrictions?.group;
  const users = (user?.results ?? []).map(({ accountId }) => accountId ?? '');
  const groups = (group?.results ?? []).map((each) => each.id ?? '');
  return {
    users: users.filter((each) => each !== ''),
    groups: groups.filter((each) => each !== ''),
    unidentified: [...users, ...groups].filter((each) => each === '').length,
    complete: user != null && group != null && !continues(user) && !continues(group),
  };
}

/** As long as its page, or with a link to more. */
function continues(list: { results: unknown[]; limit?: unknown; size?: unknown; _links?: unknown }): boolean {
  const { _links: links } = list;
  const limit = typeof list.limit === 'number' ? list.limit : restrictionPage;
  const size = Math.max(list.results.length, typeof list.size === 'number' ? list.size : 0);
  return size >= limit || typeof (links as { next?: unknown } | null | undefined)?.next === 'string';
}

/** How far both lists may move on together: by the shorter of those that continue; 0 when none does. */
function nextStep({ restrictions }: Restriction): number {
  const going = [restrictions?.user, restrictions?.group].filter(
    (list) => list != null && continues(list) && list.results.length > 0,
  );
  return going.length === 0 ? 0 : Math.min(...going.map((list) => list?.results.length ?? 0));
}
