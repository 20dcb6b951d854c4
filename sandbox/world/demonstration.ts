import { sandboxApp, sandboxTokens } from './credentials.ts';
import { createAssembler } from './demonstration/assemble.ts';
import { auditRecords } from './demonstration/audit.ts';
import { documents } from './demonstration/documents.ts';
import type { Draft } from './demonstration/draft.ts';
import { engineering, engineeringBlog } from './demonstration/engineering.ts';
import { help } from './demonstration/help.ts';
import { launch, launchBlog } from './demonstration/launch.ts';
import { accountOf, castOfGroups, castOfPeople, groupIdOf } from './demonstration/people.ts';
import type { GroupKey, PersonKey } from './demonstration/people.ts';
import { peopleAndPay } from './demonstration/people-and-pay.ts';
import { personal } from './demonstration/personal.ts';
import { roleNamed } from './roles.ts';
import type { AccessClass, Principal, Space, World } from './types.ts';

interface SpaceDraft {
  id: string;
  key: string;
  name: string;
  type: Space['type'];
  owner: PersonKey;
  home: Draft;
  blog: Draft[];
  readers: { groups?: GroupKey[]; users?: PersonKey[]; classes?: AccessClass[] };
}

const SPACES: SpaceDraft[] = [
  {
    id: '98305',
    key: 'ENG',
    name: 'Engineering',
    type: 'global',
    owner: 'ben',
    home: engineering,
    blog: engineeringBlog,
    readers: { groups: ['engineering', 'oncall', 'support'], users: ['kira'] },
  },
  {
    id: '98309',
    key: 'RV4',
    name: 'Rover 4 launch',
    type: 'collaboration',
    owner: 'kira',
    home: launch,
    blog: launchBlog,
    // Mona, a guest, comes in by her own name: guests are given one space.
    readers: { classes: ['all-licensed-users'], users: ['mona'] },
  },
  {
    id: '98313',
    key: 'HELP',
    name: 'Help centre',
    type: 'knowledge_base',
    owner: 'ines',
    home: help,
    blog: [],
    readers: { groups: ['everyone', 'support'] },
  },
  {
    id: '98317',
    key: 'HR',
    name: 'People and pay',
    type: 'global',
    owner: 'grace',
    home: peopleAndPay,
    blog: [],
    readers: { groups: ['people', 'leadership'] },
  },
  {
    id: '98321',
    key: '~chloe',
    name: 'Chloé Martin',
    type: 'personal',
    owner: 'chloe',
    home: personal,
    blog: [],
    readers: { groups: ['everyone'], users: ['chloe'] },
  },
];

/**
 * Northwind Robotics: a dozen people, five spaces of different kinds, about 150 pages whose readers differ. Ada Lindqvist
 * administers it and crawls it: she sees all but a few pages that their owners keep from everybody else.
 */
export function createDemonstration({ redirectUri }: { redirectUri?: string } = {}): World {
  const assembler = createAssembler();
  const spaces = SPACES.map((draft): Space => {
    const homepageId = assembler.add(draft.id, draft.home);
    for (const post of draft.blog) assembler.add(draft.id, post);
    return spaceOf(draft, homepageId);
  });
  for (const { on, file } of documents) assembler.attach(on, file);
  return {
    site: {
      cloudId: '7f2d9c1e-40b6-4d55-9a3e-6c1b8f0a2d47',
      name: 'northwind',
      url: 'https://northwind.atlassian.net',
      spaceRoleMode: 'PRE_ROLES',
      anonymousAccess: false,
    },
    otherSites: [
      {
        cloudId: '0b8e6a54-1c9d-4f7b-8e21-93d4c5a6b7f8',
        name: 'northwind-lab',
        url: 'https://northwind-lab.atlassian.net',
        spaceRoleMode: 'PRE_ROLES',
        anonymousAccess: false,
      },
    ],
    people: castOfPeople(),
    groups: castOfGroups(),
    spaces,
    ...assembler.result,
    oauthApps: [sandboxApp(redirectUri)],
    apiTokens: sandboxTokens(accountOf('ada')),
    audit: auditRecords(),
    behaviour: { contentSearchLimit: 50, commentListingsHoldReplies: true },
  };
}

function spaceOf({ id, key, name, type, owner, readers }: SpaceDraft, homepageId: string): Space {
  const principals: Principal[] = [
    ...[...(readers.groups ?? []), 'crawlers' as const].map((group) => ({
      type: 'group' as const,
      id: groupIdOf(group),
    })),
    ...(readers.users ?? []).map((user) => ({ type: 'user' as const, id: accountOf(user) })),
    ...(readers.classes ?? []).map((each) => ({ type: 'class' as const, id: each })),
  ];
  const admin: Principal = { type: 'user', id: accountOf(owner) };
  const grants = [
    ...principals.flatMap((principal) => [
      { principal, operation: 'read', target: 'space' },
      { principal, operation: 'create', target: 'comment' },
    ]),
    { principal: admin, operation: 'read', target: 'space' },
    { principal: admin, operation: 'administer', target: 'space' },
    // Someone who may export without being able to open it: not every permission is a view.
    { principal: { type: 'user' as const, id: accountOf('robot') }, operation: 'export', target: 'space' },
  ];
  return {
    id,
    key,
    name,
    type,
    status: 'current',
    authorId: accountOf(owner),
    homepageId,
    createdAt: '2025-03-03T09:00:00.000Z',
    permissions: grants.map((grant, index) => ({
      id: `${id}${String(index + 1).padStart(3, '0')}`,
      ...grant,
    })),
    roleAssignments: [
      { principal: admin, roleId: roleNamed('Admin').id },
      ...principals.map((principal) => ({ principal, roleId: roleNamed('Viewer').id })),
    ],
  };
}
