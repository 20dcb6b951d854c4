import { CQL } from './queries.ts';

/** One request of a route: values of the path's names, query, body, and the status that it must get. */
export interface Case {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  /** 200 unless said otherwise. */
  status?: number;
  as?: string | null;
}

const bad = (query: string): Case => ({ query, status: 400 });
const missing = (params: Record<string, string>): Case => ({ params, status: 404 });
const list = (...queries: string[]): Case[] => [
  {},
  { query: 'limit=1' },
  ...queries.map((query) => ({ query })),
];
const LISTING_FAULTS = [
  bad('limit=0'),
  bad('limit=251'),
  bad('limit=x'),
  bad('cursor=nonsense'),
  bad('sort=size'),
];

const pageQueries = [
  'sort=-modified-date',
  'sort=created-date',
  'status=trashed',
  'body-format=storage&limit=250',
];
const commentQueries = ['sort=-modified-date', 'body-format=storage', 'body-format=atlas_doc_format'];
const attachmentQueries = ['sort=-modified-date', 'status=trashed', 'mediaType=text/plain'];
const V2 = '/wiki/api/v2';
const V1 = '/wiki/rest/api';

/** Ids by the first part of the path that they stand behind. */
export const PARAMS: Record<string, string> = {
  pages: '101',
  blogposts: '120',
  folders: '104',
  whiteboards: '106',
  databases: '107',
  embeds: '108',
  spaces: '10',
  attachments: 'att300',
  'footer-comments': '200',
  'inline-comments': '202',
  content: '101',
};

function perPageKind(kind: string): Record<string, Case[]> {
  return {
    [`get ${V2}/${kind}s`]: [
      ...list(...pageQueries, `id=${PARAMS[`${kind}s`]}`, 'space-id=10,11', 'title=Home'),
      ...LISTING_FAULTS,
      bad('body-format=view'),
      bad('status=lost'),
      bad(`id=${Array.from({ length: 251 }, (_, n) => n).join(',')}`),
    ],
    [`get ${V2}/${kind}s/{id}`]: [
      {},
      { query: 'body-format=storage&include-labels=true&include-versions=true' },
      { query: 'body-format=atlas_doc_format' },
      { query: 'version=1' },
      { query: 'version=9', status: 404 },
      missing({ id: '999999' }),
      { params: { id: '130' }, as: 'ben', status: 404 },
    ],
    [`get ${V2}/${kind}s/{id}/versions`]: [...list('sort=modified-date'), missing({ id: '999999' })],
    [`get ${V2}/${kind}s/{id}/labels`]: [...list('prefix=global'), missing({ id: '999999' })],
    [`get ${V2}/spaces/{id}/${kind}s`]: [...list(...pageQueries), ...LISTING_FAULTS, missing({ id: '999' })],
    [`get ${V2}/${kind}s/{id}/attachments`]: [...list(...attachmentQueries), missing({ id: '999999' })],
    [`get ${V2}/${kind}s/{id}/footer-comments`]: [...list(...commentQueries), missing({ id: '999999' })],
    [`get ${V2}/${kind}s/{id}/inline-comments`]: [
      ...list(...commentQueries, 'resolution-status=open'),
      missing({ id: '999999' }),
    ],
  };
}

function perNode(kind: string): Record<string, Case[]> {
  const top: Case[] = kind === 'page' ? [{ params: { id: '100' } }] : [];
  return {
    [`get ${V2}/${kind}s/{id}/ancestors`]: [{}, { query: 'limit=1' }, missing({ id: '999999' })],
    [`get ${V2}/${kind}s/{id}/direct-children`]: [
      ...list('sort=-title'),
      ...top,
      bad('sort=size'),
      missing({ id: '999999' }),
    ],
    [`get ${V2}/${kind}s/{id}/descendants`]: [
      ...list('depth=10'),
      ...top,
      bad('depth=11'),
      missing({ id: '999999' }),
    ],
  };
}

function perContainer(kind: string): Record<string, Case[]> {
  return { [`get ${V2}/${kind}s/{id}`]: [{}, missing({ id: '101' })] };
}

function perCommentKind(kind: string): Record<string, Case[]> {
  return {
    [`get ${V2}/${kind}-comments`]: [...list(...commentQueries), ...LISTING_FAULTS],
    [`get ${V2}/${kind}-comments/{comment-id}`]: [
      {},
      { query: 'body-format=storage' },
      missing({ 'comment-id': '999999' }),
    ],
    [`get ${V2}/${kind}-comments/{id}/children`]: [...list(...commentQueries), missing({ id: '999999' })],
  };
}

const restriction = `${V1}/content/{id}/restriction`;
const admin = { as: 'ben', status: 403 };
const check = (type: string, identifier: string): unknown => ({
  subject: { type, identifier },
  operation: 'read',
});

/** Every route with what is asked of it. A route that is missing here fails the suite. */
export const CASES: Record<string, Case[]> = {
  ...perPageKind('page'),
  ...perPageKind('blogpost'),
  ...Object.assign({}, ...['page', 'folder', 'whiteboard', 'database', 'embed'].map(perNode)),
  ...Object.assign({}, ...['folder', 'whiteboard', 'database', 'embed'].map(perContainer)),
  ...perCommentKind('footer'),
  ...perCommentKind('inline'),
  [`get ${V2}/pages/{id}/children`]: [...list('sort=-id'), { params: { id: '100' } }],
  [`get ${V2}/attachments`]: [...list(...attachmentQueries), ...LISTING_FAULTS],
  [`get ${V2}/attachments/{id}`]: [{}, { query: 'include-labels=true' }, missing({ id: 'att1' })],
  [`get ${V2}/attachments/{id}/labels`]: [...list(), missing({ id: 'att1' })],
  [`get ${V2}/labels`]: list('prefix=team', 'sort=-name'),
  [`get ${V2}/spaces`]: [
    ...list('keys=OPEN', 'ids=10,11', 'type=personal', 'status=archived', 'sort=-name'),
    ...LISTING_FAULTS,
  ],
  [`get ${V2}/spaces/{id}`]: [{}, missing({ id: '999' }), { params: { id: '11' }, as: 'ben', status: 404 }],
  [`get ${V2}/spaces/{id}/labels`]: [...list(), missing({ id: '999' })],
  [`get ${V2}/spaces/{id}/content/labels`]: [...list(), missing({ id: '999' })],
  [`get ${V2}/spaces/{id}/permissions`]: [...list(), missing({ id: '999' })],
  [`get ${V2}/spaces/{id}/role-assignments`]: [...list('principal-type=GROUP'), missing({ id: '999' })],
  [`get ${V2}/space-roles`]: list('space-id=10', 'role-type=SYSTEM'),
  [`get ${V2}/space-role-mode`]: [{}],
  [`post ${V2}/users-bulk`]: [
    { body: { accountIds: ['ada', 'ben', 'gus', 'nobody'] } },
    { body: { accountIds: [] }, status: 400 },
    { body: {}, status: 400 },
    { body: { accountIds: Array.from({ length: 251 }, (_, n) => `p${n}`) }, status: 400 },
  ],
  [`post ${V2}/user/access/check-access-by-email`]: [
    { body: { emails: ['ada@acme.example', 'zoe@acme.example', 'nonsense'] } },
    { body: { emails: 'ada' }, status: 400 },
  ],
  [`post ${V2}/content/convert-ids-to-types`]: [
    { body: { contentIds: ['101', 120, '200', '202', 'att300', '999999'] } },
    { body: {}, status: 400 },
  ],
  [`get ${V2}/data-policies/metadata`]: [{}],
  [`get ${V2}/admin-key`]: [{ status: 403 }],
  [`post ${V2}/admin-key`]: [{ body: { durationInMinutes: 10 }, status: 403 }],
  [`get ${V1}/content/search`]: CQL.content,
  [`get ${V1}/search`]: CQL.site,
  [`get ${V1}/search/user`]: CQL.users,
  [`get ${restriction}`]: [
    { params: { id: '102' } },
    {},
    missing({ id: '999999' }),
    { params: { id: '102' }, as: 'ben', status: 404 },
  ],
  [`get ${restriction}/byOperation`]: [{ params: { id: '102' } }, {}, missing({ id: '999999' })],
  [`get ${restriction}/byOperation/{operationKey}`]: [
    { params: { id: '102', operationKey: 'read' }, query: 'start=0&limit=1' },
    { params: { id: '102', operationKey: 'update' }, query: 'expand=restrictions.user' },
    missing({ id: '102', operationKey: 'delete' }),
    missing({ id: '999999', operationKey: 'read' }),
  ],
  [`get ${restriction}/byOperation/{operationKey}/user`]: [
    { params: { id: '102', operationKey: 'read' }, query: 'accountId=ada' },
    { params: { id: '102', operationKey: 'read' }, query: 'accountId=ben', status: 404 },
    { params: { id: '102', operationKey: 'read' }, status: 400 },
  ],
  [`get ${restriction}/byOperation/{operationKey}/byGroupId/{groupId}`]: [
    { params: { id: '102', operationKey: 'read', groupId: 'g-admins' } },
    missing({ id: '102', operationKey: 'read', groupId: 'g-users' }),
  ],
  [`post ${V1}/content/{id}/permission/check`]: [
    { body: check('user', 'ben') },
    { body: check('group', 'g-users') },
    { body: check('user', 'ben'), as: 'ben' },
    { body: check('user', 'ada'), ...admin },
    { body: {}, status: 400 },
    { params: { id: '999999' }, body: check('user', 'ben'), status: 404 },
  ],
  [`get ${V1}/group`]: [
    {},
    { query: 'start=1&limit=1' },
    { query: 'accessType=user' },
    bad('accessType=guest'),
  ],
  [`get ${V1}/group/by-id`]: [{ query: 'id=g-users' }, { query: 'id=none', status: 404 }],
  [`get ${V1}/group/picker`]: [{ query: 'query=conf&shouldReturnTotalSize=true' }, { status: 400 }],
  [`get ${V1}/group/{groupId}/membersByGroupId`]: [
    { params: { groupId: 'g-users' }, query: 'shouldReturnTotalSize=true&limit=2' },
    missing({ groupId: 'none' }),
  ],
  [`get ${V1}/user`]: [{ query: 'accountId=ben' }, { query: 'accountId=none', status: 404 }, { status: 400 }],
  [`get ${V1}/user/current`]: [{}, { as: 'zoe', status: 403 }],
  [`get ${V1}/user/anonymous`]: [{}],
  [`get ${V1}/user/bulk`]: [{ query: 'accountId=ben&accountId=ada' }],
  [`get ${V1}/user/memberof`]: [{ query: 'accountId=ada&limit=1' }],
  [`get ${V1}/user/email`]: [{ query: 'accountId=ben', status: 403 }],
  [`get ${V1}/user/email/bulk`]: [{ query: 'accountId=ben', status: 403 }],
  [`get ${V1}/audit`]: [{}, { query: 'startDate=1769900000000&searchString=permission&limit=1' }, admin],
  [`get ${V1}/audit/since`]: [{ query: 'number=10&units=YEARS' }, admin],
  [`get ${V1}/audit/retention`]: [{}, admin],
  [`get ${V1}/content/{id}/child/attachment/{attachmentId}/download`]: [
    { params: { attachmentId: 'att300' }, status: 302 },
    missing({ attachmentId: 'att301' }),
  ],
  [`post ${V1}/content/{id}/label`]: [
    { body: [{ prefix: 'global', name: 'fresh' }] },
    { body: { prefix: 'global', name: 'fresh2' } },
    { body: [], status: 400 },
    { params: { id: '999999' }, body: [{ prefix: 'global', name: 'x' }], status: 404 },
  ],
  [`delete ${V1}/content/{id}/label`]: [
    { query: 'name=fresh', status: 204 },
    { query: 'name=none', status: 404 },
  ],
  [`delete ${V1}/content/{id}/label/{label}`]: [
    { params: { label: 'fresh2' }, status: 204 },
    missing({ label: 'none' }),
  ],
  [`get ${V1}/settings/systemInfo`]: [{}],
};
