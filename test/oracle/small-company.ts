import { SPACE_ROLES } from '../../sandbox/world/roles.ts';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type {
  Attachment,
  Comment,
  Content,
  Group,
  Principal,
  Restriction,
  Space,
} from '../../sandbox/world/types.ts';
import { everywhere, type Company } from './company.ts';
import type { Truth } from './truth.ts';

/** The small world with every email visible, the administrator for a crawler, and content as given. */
export function smallCompany(content: Content[], change: Partial<Truth> = {}): Company {
  const world: Truth = createSmallWorld({ content, ...change });
  for (const person of world.people) person.emailVisible = true;
  return { world: { roles: SPACE_ROLES, ...world, ...change, content }, proven: [] };
}

/** A page on top, unless told otherwise; `read` lists who may see it beside the crawler. */
export function page(id: string, change: Partial<Content> & { read?: Partial<Restriction> } = {}): Content {
  const { read, ...rest } = change;
  const users = read === undefined ? [] : [SMALL.admin, ...(read.users ?? [])];
  return smallPage(id, {
    title: `${everywhere} ${id}`,
    body: `<p>${everywhere}</p>`,
    restrictions: { read: { users, groups: read?.groups ?? [] }, update: { users: [], groups: [] } },
    ...rest,
  });
}

export function group(id: string, members: string[], change: Partial<Group> = {}): Group {
  return { id, name: id, members, access: 'none', ...change };
}

/** The small world's groups, and more. */
export function groupsAnd(...more: Group[]): Group[] {
  return [...createSmallWorld().groups, ...more];
}

/** A space that these may view, and the crawler. */
export function space(id: string, principals: Principal[]): Space {
  const all: Principal[] = [{ type: 'user', id: SMALL.admin }, ...principals];
  return {
    ...createSmallWorld().spaces[0]!,
    id,
    key: `K${id}`,
    homepageId: null,
    permissions: all.map((principal, n) => ({
      id: `${id}${n}`,
      principal,
      operation: 'read',
      target: 'space',
    })),
  };
}

/** The same company with a comment ('31'), a reply to it ('32') and an attachment ('att4') on one of its pages. */
export function withDiscussion({ world, proven }: Company, containerId: string): Company {
  const { version } = smallPage(containerId);
  const about = { authorId: SMALL.admin, createdAt: version.createdAt, version, containerId };
  const comment = (id: string, parentId: string | null): Comment => ({
    ...about,
    id,
    parentId,
    kind: 'footer',
    status: 'current',
    body: `<p>${everywhere}</p>`,
    marker: null,
  });
  const attachment: Attachment = {
    ...about,
    id: 'att4',
    fileId: 'file-4',
    status: 'current',
    title: `${everywhere}.txt`,
    mediaType: 'text/plain',
    labels: [],
    data: { size: 4 },
  };
  return {
    proven,
    world: {
      ...world,
      comments: [...world.comments, comment('31', null), comment('32', '31')],
      attachments: [...world.attachments, attachment],
    },
  };
}
