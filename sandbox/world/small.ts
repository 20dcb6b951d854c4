import { sandboxApp, sandboxTokens } from './credentials.ts';
import type { Content, Group, Person, Space, World } from './types.ts';

/** Ids of the small world's people, for tests that name them. */
export const SMALL = {
  admin: 'acc-admin',
  mia: 'acc-mia',
  noah: 'acc-noah',
  guest: 'acc-guest',
  gone: 'acc-gone',
  cloudId: 'aaaabbbb-cccc-4ddd-8eee-ffff00001111',
  otherCloudId: 'aaaabbbb-cccc-4ddd-8eee-ffff00002222',
  users: 'grp-users',
  team: 'grp-team',
  space: '1001',
} as const;

/** Five people, two groups, one space, three pages in a line: the least that rules can be shown on. */
export function createSmallWorld(change: Partial<World> = {}): World {
  return {
    site: site(SMALL.cloudId, 'acme'),
    otherSites: [site(SMALL.otherCloudId, 'acme-two')],
    people: [
      person(SMALL.admin, 'Admin', { confluenceAdmin: true }),
      person(SMALL.mia, 'Mia'),
      person(SMALL.noah, 'Noah', { emailVisible: false }),
      person(SMALL.guest, 'Guest', { guest: true }),
      person(SMALL.gone, 'Gone', { status: 'inactive' }),
    ],
    groups: [
      group(SMALL.users, 'user', [SMALL.admin, SMALL.mia, SMALL.noah, SMALL.gone]),
      group(SMALL.team, 'none', [SMALL.mia, SMALL.gone]),
    ],
    spaces: [space(SMALL.space, 'ONE')],
    content: [
      smallPage('2001', { title: 'Top' }),
      smallPage('2002', { title: 'Middle', parentId: '2001' }),
      smallPage('2003', { title: 'Leaf', parentId: '2002' }),
    ],
    comments: [],
    attachments: [],
    oauthApps: [sandboxApp('https://app.example/callback')],
    apiTokens: sandboxTokens(SMALL.admin),
    audit: [],
    behaviour: { contentSearchLimit: 50, commentListingsHoldReplies: true },
    ...change,
  };
}

/** A page of the small world's space, unrestricted unless told otherwise. */
export function smallPage(id: string, change: Partial<Content> = {}): Content {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    id,
    type: 'page',
    status: 'current',
    spaceId: SMALL.space,
    parentId: null,
    title: id,
    authorId: SMALL.admin,
    createdAt,
    version: { number: 1, createdAt, authorId: SMALL.admin, message: '', minorEdit: false },
    labels: [],
    body: `<p>${id}</p>`,
    restrictions: { read: { users: [], groups: [] }, update: { users: [], groups: [] } },
    position: Number(id),
    ...change,
  };
}

function site(cloudId: string, name: string): World['site'] {
  return {
    cloudId,
    name,
    url: `https://${name}.atlassian.net`,
    spaceRoleMode: 'PRE_ROLES',
    anonymousAccess: false,
  };
}

function person(accountId: string, name: string, change: Partial<Person> = {}): Person {
  return {
    accountId,
    name,
    email: `${name.toLowerCase()}@acme.example`,
    emailVisible: true,
    type: 'atlassian',
    status: 'active',
    guest: false,
    timeZone: 'Etc/UTC',
    confluenceAdmin: false,
    ...change,
  };
}

function group(id: string, access: Group['access'], members: string[]): Group {
  return { id, name: id, members, access };
}

function space(id: string, key: string): Space {
  return {
    id,
    key,
    name: key,
    type: 'global',
    status: 'current',
    authorId: SMALL.admin,
    homepageId: '2001',
    createdAt: '2026-01-01T00:00:00.000Z',
    permissions: [
      { id: '1', principal: { type: 'group', id: SMALL.users }, operation: 'read', target: 'space' },
    ],
    roleAssignments: [],
  };
}
