import { roleNamed } from '../../sandbox/world/roles.ts';
import type { Content, Person, World } from '../../sandbox/world/types.ts';

/** A world of one of each: every kind, status and visibility of thing that the sandbox can show. */
export const ADA = 'ada'; // Confluence administrator, in every group that opens anything
export const BEN = 'ben'; // plain member, shut out of the restricted subtree and the private space
export const GUS = 'gus'; // guest of one space
export const ZOE = 'zoe'; // left the company

const at = (day: number, time = '09:00:00.000'): string => `2026-02-${String(day).padStart(2, '0')}T${time}Z`;

function person(accountId: string, over: Partial<Person> = {}): Person {
  return {
    accountId,
    name: accountId[0]!.toUpperCase() + accountId.slice(1),
    email: `${accountId}@acme.example`,
    emailVisible: true,
    type: 'atlassian',
    status: 'active',
    guest: false,
    timeZone: 'Europe/Berlin',
    confluenceAdmin: false,
    ...over,
  };
}

function content(id: string, over: Partial<Content> = {}): Content {
  const day = Number(id) % 27 || 1;
  const authorId = over.authorId ?? ADA;
  return {
    id,
    type: 'page',
    status: 'current',
    spaceId: '10',
    parentId: null,
    title: `Thing ${id}`,
    authorId,
    createdAt: at(day),
    version: { number: 1, createdAt: at(day, '10:30:00.000'), authorId, message: '', minorEdit: false },
    labels: [],
    body: '',
    restrictions: { read: { users: [], groups: [] }, update: { users: [], groups: [] } },
    position: Number(id),
    ...over,
  };
}

const BODY =
  '<h1>Plan &amp; scope</h1><p>Ask <ac:link><ri:user ri:account-id="ben" /></ac:link> about rockets.</p>' +
  '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">ts</ac:parameter>' +
  '<ac:plain-text-body><![CDATA[if (a < b) launch();]]></ac:plain-text-body></ac:structured-macro>';

/** Fresh every time: the store takes its world over. */
export function smallWorld(): World {
  const closed = { read: { users: [ADA], groups: ['g-admins'] }, update: { users: [ADA], groups: [] } };
  const items = [
    content('100', { title: 'Home', labels: ['start', 'team:core'] }),
    content('101', {
      parentId: '100',
      body: BODY,
      labels: ['plan'],
      version: { number: 3, createdAt: at(20), authorId: BEN, message: 'third', minorEdit: true },
      history: [
        { number: 1, createdAt: at(3), authorId: ADA, message: '', minorEdit: false },
        { number: 2, createdAt: at(8), authorId: BEN, message: '', minorEdit: false },
      ],
    }),
    content('102', { parentId: '100', restrictions: closed, title: 'Closed' }),
    content('103', { parentId: '102', title: 'Below closed' }),
    content('104', { parentId: '100', type: 'folder', title: 'Folder' }),
    content('105', { parentId: '104', title: 'In folder' }),
    content('106', { parentId: '104', type: 'whiteboard', title: 'Whiteboard' }),
    content('107', { parentId: '104', type: 'database', title: 'Database' }),
    content('108', { parentId: '104', type: 'embed', title: 'Embed' }),
    content('109', { parentId: '100', status: 'archived', title: 'Archived' }),
    content('110', { parentId: '100', status: 'trashed', title: 'Trashed' }),
    content('111', { parentId: '110', title: 'Below trashed' }),
    content('112', { parentId: '100', status: 'draft', title: 'Draft' }),
    content('113', { parentId: '105', title: 'Deep' }),
    content('114', { status: 'deleted', title: 'Deleted' }),
    content('120', { type: 'blogpost', title: 'News', body: '<p>Rockets again</p>', labels: ['plan'] }),
    content('121', { type: 'blogpost', title: 'Old news', status: 'trashed' }),
    content('130', {
      spaceId: '11',
      title: 'Secret home',
      body: '<p>hidden rockets</p>',
      labels: ['classified'],
    }),
    content('131', { spaceId: '11', parentId: '130', title: 'Secret child' }),
    content('140', { spaceId: '12', title: 'Bygone' }),
  ];
  const read = (principal: World['spaces'][number]['permissions'][number]['principal'], id: string) => ({
    id,
    principal,
    operation: 'read',
    target: 'space',
  });
  const space = { status: 'current' as const, authorId: ADA, createdAt: at(1), roleAssignments: [] };
  const viewer = roleNamed('Viewer').id;
  const comment = {
    status: 'current',
    authorId: BEN,
    createdAt: at(5),
    body: '<p>hm</p>',
    marker: null,
  } as const;
  const version = { number: 1, createdAt: at(6), authorId: BEN, message: '', minorEdit: false };
  return {
    site: {
      cloudId: 'c1',
      name: 'Acme',
      url: 'https://acme.atlassian.net',
      spaceRoleMode: 'PRE_ROLES',
      anonymousAccess: false,
    },
    people: [
      person(ADA, { confluenceAdmin: true }),
      person(BEN, { emailVisible: false }),
      person(GUS, { guest: true }),
      person(ZOE, { status: 'inactive' }),
      person('bot', { type: 'app' }),
    ],
    groups: [
      { id: 'g-users', name: 'confluence-users', members: [ADA, BEN, ZOE, 'bot'], access: 'user' },
      { id: 'g-admins', name: 'confluence-admins', members: [ADA], access: 'admin' },
      { id: 'g-site', name: 'site-admins', members: [ADA], access: 'site-admin' },
    ],
    spaces: [
      {
        ...space,
        id: '10',
        key: 'OPEN',
        name: 'Open',
        type: 'global',
        homepageId: '100',
        permissions: [
          read({ type: 'group', id: 'g-users' }, '900'),
          read({ type: 'user', id: GUS }, '901'),
          read({ type: 'class', id: 'all-product-admins' }, '902'),
          { id: '903', principal: { type: 'user', id: ADA }, operation: 'administer', target: 'space' },
        ],
        roleAssignments: [
          { principal: { type: 'group', id: 'g-users' }, roleId: viewer },
          { principal: { type: 'class', id: 'all-licensed-users' }, roleId: viewer },
        ],
      },
      {
        ...space,
        id: '11',
        key: 'SECRET',
        name: 'Secret',
        type: 'collaboration',
        homepageId: '130',
        permissions: [read({ type: 'group', id: 'g-admins' }, '910')],
        roleAssignments: [{ principal: { type: 'user', id: ADA }, roleId: roleNamed('Admin').id }],
      },
      {
        ...space,
        id: '12',
        key: '~ada',
        name: 'Ada',
        type: 'personal',
        status: 'archived',
        homepageId: null,
        permissions: [read({ type: 'group', id: 'g-users' }, '920')],
      },
    ],
    content: items,
    comments: [
      { ...comment, id: '200', kind: 'footer', containerId: '101', parentId: null, version },
      { ...comment, id: '201', kind: 'footer', containerId: '101', parentId: '200', version },
      {
        ...comment,
        id: '202',
        kind: 'inline',
        containerId: '101',
        parentId: null,
        version,
        marker: { ref: 'm-1', selection: 'rockets', resolution: 'open' },
      },
      { ...comment, id: '203', kind: 'inline', containerId: '101', parentId: '202', version },
      {
        ...comment,
        id: '204',
        kind: 'footer',
        containerId: '103',
        parentId: null,
        version,
        body: '<p>closed rockets</p>',
      },
      { ...comment, id: '205', kind: 'footer', containerId: '120', parentId: null, version },
      { ...comment, id: '206', kind: 'footer', containerId: '130', parentId: null, version },
      { ...comment, id: '207', kind: 'footer', containerId: '110', parentId: null, version },
      {
        ...comment,
        id: '208',
        kind: 'inline',
        containerId: '120',
        parentId: null,
        version,
        marker: { ref: 'm-2', selection: 'again', resolution: 'resolved' },
      },
    ],
    attachments: [
      attachment('att300', '101', { base64: Buffer.from('hello, file').toString('base64') }),
      attachment('att301', '120', { size: 200_000 }),
      attachment('att302', '103', { size: 10 }),
      attachment('att303', '130', { size: 10 }),
      attachment('att304', '110', { size: 10 }),
      { ...attachment('att305', '101', { size: 10 }), status: 'trashed' },
      attachment('att306', '109', { size: 0 }),
    ],
    oauthApps: [],
    apiTokens: [],
    audit: [1, 2, 3].map((n) => ({
      author: { accountId: ADA, displayName: 'Ada' },
      remoteAddress: '192.0.2.7',
      creationDate: Date.parse(at(n)),
      summary: n === 2 ? 'Space permission added' : 'User added to group',
      description: '',
      category: 'Permissions',
      affectedObject: { name: 'Open', objectType: 'Space' },
      associatedObjects: [{ name: 'g-users', objectType: 'Group' }],
      changedValues: [{ name: 'Type', oldValue: '', newValue: 'VIEWSPACE' }],
    })),
    behaviour: { contentSearchLimit: 100, commentListingsHoldReplies: true },
  };
}

function attachment(id: string, containerId: string, data: World['attachments'][number]['data']) {
  return {
    id,
    fileId: `file-${id}`,
    containerId,
    status: 'current' as const,
    title: `notes & ${id}.txt`,
    mediaType: 'text/plain',
    authorId: ADA,
    createdAt: at(4),
    version: { number: 1, createdAt: at(4), authorId: ADA, message: 'first', minorEdit: false },
    labels: ['file'],
    data,
  };
}
