import { sandboxApp, sandboxTokens } from '../../sandbox/world/credentials.ts';
import { roleNamed, SPACE_ROLES } from '../../sandbox/world/roles.ts';
import type {
  Comment,
  Content,
  Group,
  Person,
  Principal,
  Restriction,
  Space,
} from '../../sandbox/world/types.ts';
import { admits, canViewSpace } from './canView.ts';
import type { Truth } from './truth.ts';
import type { Named, Plan, SpacePlan } from './worlds.ts';

export interface Company {
  /** The world for the sandbox, and what else decides. */
  world: Truth;
  /** Accounts that are proven to be the user's, whatever their email says. */
  proven: string[];
}

/** Who crawls. */
export const crawler = 'acc-crawler';
/** Stands in every title and every body. */
export const everywhere = 'harbour';

const createdAt = '2026-01-01T00:00:00.000Z';
const version = (authorId: string) => ({ number: 1, createdAt, authorId, message: '', minorEdit: false });
const deepest = 6;

export function buildCompany(plan: Plan): Company {
  const people = plan.people.map((kind, n) => personOf(plan, kind, n));
  const groups = groupsOf(plan, people);
  const proven = people.filter((_, n) => plan.people[n] === 'proven').map(({ accountId }) => accountId);
  const { visitors = 'none' } = plan;
  const world: Truth = {
    site: {
      cloudId: 'aaaabbbb-cccc-4ddd-8eee-ffff00001111',
      name: 'acme',
      url: 'https://acme.atlassian.net',
      spaceRoleMode: plan.mode,
      anonymousAccess: visitors === 'at the site' || visitors === 'everywhere',
    },
    people: [
      { ...person(crawler, 'crawler@acme.example'), confluenceAdmin: true },
      ...people.map((one) => ({
        ...one,
        confluenceAdmin: groups.some(
          ({ access, members }) => isAdmin(access) && members.includes(one.accountId),
        ),
      })),
    ],
    groups,
    spaces: plan.spaces.map((one, n) => spaceOf(one, n, people, groups)),
    content: [],
    comments: [],
    attachments: [],
    oauthApps: [sandboxApp('https://app.example/callback')],
    apiTokens: sandboxTokens(crawler),
    audit: [],
    behaviour: { contentSearchLimit: 50, commentListingsHoldReplies: plan.commentListingsHoldReplies },
    roles: SPACE_ROLES,
    visitorsWelcome: visitors === 'here' || visitors === 'everywhere',
    proven,
  };
  fillContent(plan, world, people);
  fillDiscussion(plan, world);
  admitCrawler(world);
  return { world, proven };
}

/** Names the crawler wherever a space or a restriction would keep it out. */
export function admitCrawler(world: Truth): void {
  const principal: Principal = { type: 'user', id: crawler };
  for (const space of world.spaces) {
    if (canViewSpace(world, crawler, space)) continue;
    space.permissions.push({ id: `${space.id}99`, principal, operation: 'read', target: 'space' });
    space.roleAssignments.push({ principal, roleId: roleNamed('Viewer').id });
  }
  for (const { restrictions } of world.content) {
    if (!admits(world, crawler, restrictions.read)) restrictions.read.users.push(crawler);
  }
}

/** The element that a number stands for: none of an empty list. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

export function restrictionOf(
  named: Named | null,
  people: readonly Person[],
  groups: readonly Group[],
): Restriction {
  if (named === null) return { users: [], groups: [] };
  const users = named.people.flatMap((n) => pick(people, n)?.accountId ?? []);
  const ids = named.groups.flatMap((n) => pick(groups, n)?.id ?? []);
  if (named.gone === 'person') users.push('acc-nobody');
  if (named.gone === 'group') ids.push('grp-nobody');
  return { users: [...new Set(users)], groups: [...new Set(ids)] };
}

function personOf({ people }: Plan, kind: Plan['people'][number], n: number): Person {
  const emailOf = (at: number): string =>
    people[at] === 'duplicate' && at > 0 ? emailOf(at - 1) : `Person.${at}@acme.example`;
  return {
    ...person(`acc-${n}`, emailOf(n)),
    emailVisible: kind !== 'hidden' && kind !== 'proven',
    type: kind === 'app' ? 'app' : 'atlassian',
    status: kind === 'inactive' || kind === 'closed' ? kind : 'active',
    guest: kind === 'guest',
  };
}

function person(accountId: string, email: string): Person {
  return {
    accountId,
    name: accountId,
    email,
    emailVisible: true,
    type: 'atlassian',
    status: 'active',
    guest: false,
    timeZone: 'Etc/UTC',
    confluenceAdmin: false,
  };
}

function groupsOf(plan: Plan, people: readonly Person[]): Group[] {
  return plan.groups.map(({ members, access }, n) => {
    const inProduct = (at: number): boolean => plan.people[at] !== 'guest' && plan.people[at] !== 'outsider';
    // Atlassian lets no guest into a group that opens the product.
    const ids = members
      .flatMap((at) => pick(people, at) ?? [])
      .filter(({ guest }) => !guest || access !== 'user')
      .map(({ accountId }) => accountId);
    const all = people.filter((_, at) => inProduct(at)).map(({ accountId }) => accountId);
    return {
      id: `grp-${n}`,
      name: `group ${n}`,
      members: [...new Set([crawler, ...(n === 0 ? all : ids)])],
      access: n === 0 ? 'user' : access,
    };
  });
}

function isAdmin(access: Group['access']): boolean {
  return access === 'admin' || access === 'site-admin';
}

/** Permissions, and role assignments that say the same unless the plan has them differ. */
function spaceOf(named: SpacePlan, n: number, people: Person[], groups: Group[]): Space {
  const { users, groups: ids } = restrictionOf(named, people, groups);
  const principals: Principal[] = [
    ...users.map((id) => ({ type: 'user' as const, id })),
    ...ids.map((id) => ({ type: 'group' as const, id })),
    ...named.classes.map((id) => ({ type: 'class' as const, id })),
  ];
  const id = String(1001 + n);
  const unopened: Principal = { type: 'group', id: 'grp-0' };
  return {
    id,
    key: `S${n}`,
    name: `Space ${n}`,
    type: 'global',
    status: 'current',
    authorId: crawler,
    homepageId: null,
    createdAt,
    permissions: [
      ...principals.map((principal, at) => ({
        id: `${id}${at}`,
        principal,
        operation: 'read',
        target: 'space',
      })),
      ...(named.exportOnly
        ? [{ id: `${id}90`, principal: unopened, operation: 'export', target: 'space' }]
        : []),
    ],
    roleAssignments: [
      ...principals.flatMap((principal, at) => {
        const roleId = roleOf(named.roles ?? 'same', at);
        return roleId === null ? [] : [{ principal, roleId }];
      }),
      ...(named.exportOnly ? [{ principal: unopened, roleId: roleNamed('Export only').id }] : []),
    ],
  };
}

function roleOf(roles: NonNullable<SpacePlan['roles']>, at: number): string | null {
  if (roles === 'same' || at % 2 === 0) return roleNamed(at % 2 === 0 ? 'Viewer' : 'Collaborator').id;
  if (roles === 'fewer') return null;
  return at % 4 === 1 ? roleNamed('Export only').id : 'a role that nobody lists';
}

function fillContent(plan: Plan, world: Truth, people: Person[]): void {
  for (const [n, item] of plan.items.entries()) {
    const spaceId = pick(world.spaces, item.space)!.id;
    const above = world.content.filter((one) => one.spaceId === spaceId && one.type !== 'blogpost');
    let parent = item.type === 'blogpost' || item.parent === null ? undefined : pick(above, item.parent);
    if (parent !== undefined && depth(world, parent) >= deepest)
      parent = world.content.find(({ id }) => id === parent?.parentId);
    const container = item.type !== 'page' && item.type !== 'blogpost';
    world.content.push({
      id: String(2001 + n),
      type: item.type,
      status: item.status ?? 'current',
      spaceId,
      parentId: parent?.id ?? null,
      title: `${everywhere} ${item.type} ${n}`,
      authorId: crawler,
      createdAt,
      version: version(crawler),
      labels: [],
      body: container ? '' : `<p>${everywhere} ${n}</p>`,
      restrictions: {
        read: restrictionOf(item.read, people, world.groups),
        update: restrictionOf(item.update, people, world.groups),
      },
      position: n,
    });
  }
}

function depth(world: Truth, { parentId }: Content): number {
  const parent = world.content.find(({ id }) => id === parentId);
  return parent === undefined ? 1 : depth(world, parent) + 1;
}

function fillDiscussion(plan: Plan, world: Truth): void {
  const hosts = world.content.filter(({ type }) => type === 'page' || type === 'blogpost');
  for (const [n, { on, kind, answers }] of plan.comments.entries()) {
    const host = pick(hosts, on);
    if (host === undefined) continue;
    const earlier = world.comments.filter((one) => one.containerId === host.id);
    const parent = answers === null ? undefined : pick(earlier, answers);
    const shown: Comment['kind'] = parent?.kind ?? kind;
    world.comments.push({
      id: String(3001 + n),
      kind: shown,
      containerId: host.id,
      parentId: parent?.id ?? null,
      status: 'current',
      authorId: crawler,
      createdAt,
      version: version(crawler),
      body: `<p>${everywhere} comment ${n}</p>`,
      marker: shown === 'inline' ? { ref: `ref-${n}`, selection: everywhere, resolution: 'open' } : null,
    });
  }
  for (const [n, on] of plan.attachments.entries()) {
    const host = pick(hosts, on);
    if (host === undefined) continue;
    world.attachments.push({
      id: `att${4001 + n}`,
      fileId: `file-${n}`,
      containerId: host.id,
      status: 'current',
      title: `${everywhere} ${n}.txt`,
      mediaType: 'text/plain',
      authorId: crawler,
      createdAt,
      version: version(crawler),
      labels: [],
      data: { base64: Buffer.from(`${everywhere} file ${n}`).toString('base64') },
    });
  }
}
