import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type { Attachment, Comment, Content, World } from '../../sandbox/world/types.ts';

/** Ids of the site below, for tests that name them. */
export const SITE = {
  /** Twelve pages below, each second of them below the one before. */
  tree: '4000',
  /** One page in the space TWO. */
  two: '5000',
  /** A folder below the tree's top, with a page in it. */
  folder: '4900',
  filed: '4901',
  posts: ['6000', '6001'],
  /** Below it, pages are Mia's alone. */
  restricted: '4100',
} as const;

const at = (day: number) => `2026-02-${String(day).padStart(2, '0')}T00:00:00.000Z`;

/**
 * A site of two spaces: trees, a folder, blog posts, a restricted place in the midst of a tree, and with each page and
 * post a comment, a reply to it and an attachment.
 */
export function createWantedSite(change: (world: World) => void = () => {}): World {
  const base = createSmallWorld();
  const [one] = base.spaces;
  const two = { ...one!, id: '1002', key: 'TWO', name: 'Two', homepageId: null };
  const tree = [
    page(SITE.tree, null, 1, { labels: ['alpha'] }),
    ...Array.from({ length: 12 }, (_, n) =>
      page(String(4001 + n), n % 2 === 0 ? SITE.tree : String(4000 + n), 2 + n, {
        labels: n % 3 === 0 ? ['alpha', 'beta'] : [],
        authorId: n % 2 === 0 ? SMALL.mia : SMALL.admin,
      }),
    ),
    page(SITE.restricted, SITE.tree, 16, {
      restrictions: {
        read: { users: [SMALL.admin, SMALL.mia], groups: [] },
        update: { users: [], groups: [] },
      },
    }),
    page('4101', SITE.restricted, 17, {}),
    page('4102', '4101', 18, { labels: ['beta'] }),
    { ...page(SITE.folder, SITE.tree, 19, {}), type: 'folder' as const, body: '' },
    page(SITE.filed, SITE.folder, 20, {}),
    page('4500', null, 21, {}),
    page('4501', '4500', 22, {}),
    page(SITE.two, null, 23, { spaceId: two.id, labels: ['beta'] }),
    ...SITE.posts.map((id, n) => ({
      ...page(id, null, 24 + n, { labels: n === 0 ? ['alpha'] : [] }),
      type: 'blogpost' as const,
    })),
  ];
  const holders = tree.filter(({ type }) => type === 'page' || type === 'blogpost');
  const world: World = {
    ...base,
    people: base.people.map((person) => ({ ...person, emailVisible: true })),
    spaces: [one!, two],
    content: tree,
    comments: holders.flatMap((holder) => [
      comment(holder, '7', null),
      comment(holder, '8', `7${holder.id}`),
    ]),
    attachments: holders.map(attachment),
  };
  change(world);
  return world;
}

function page(id: string, parentId: string | null, day: number, change: Partial<Content>): Content {
  const createdAt = at(day);
  const version = { number: 1, createdAt, authorId: SMALL.admin, message: '', minorEdit: false };
  return smallPage(id, { parentId, createdAt, version, body: `<p>Words of ${id}.</p>`, ...change });
}

function comment(holder: Content, prefix: string, parentId: string | null): Comment {
  const { createdAt, version } = holder;
  return {
    id: `${prefix}${holder.id}`,
    kind: 'footer',
    containerId: holder.id,
    parentId,
    status: 'current',
    authorId: SMALL.admin,
    createdAt,
    version,
    body: `<p>Said of ${holder.id}.</p>`,
    marker: null,
  };
}

function attachment(holder: Content): Attachment {
  const { createdAt, version } = holder;
  return {
    id: `att9${holder.id}`,
    fileId: `f9${holder.id}`,
    containerId: holder.id,
    status: 'current',
    title: `picture of ${holder.id}.png`,
    mediaType: 'image/png',
    data: { size: 10 },
    authorId: SMALL.admin,
    createdAt,
    version,
    labels: [],
  };
}
