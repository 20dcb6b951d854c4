import type { ApiKeyView, LogLineView, OAuthAppView } from '../../server/views.ts';
import type { RecordView } from '../../web/screens/record.ts';
import { at, connection, hostile, user } from './samples.ts';

export const oauthApp: OAuthAppView = {
  id: 'a1',
  name: 'Sluice at Acme',
  clientId: 'Zx8Ku1mB3dQ9',
  connections: 2,
  createdAt: at(9_000),
};

export const apiKey: ApiKeyView = {
  id: 'k1',
  name: 'Assistant',
  prefix: 'slc_8dJ2',
  scopes: ['search', 'impersonate'],
  owner: { id: user.id, email: user.email },
  createdAt: at(4_000),
  lastUsedAt: at(2),
  expiresAt: null,
  revokedAt: null,
};

export const logLines: LogLineView[] = [
  {
    id: '1',
    at: at(3),
    level: 'info',
    message: 'Started with 24 spaces.',
    item: null,
    url: null,
    status: null,
    traceId: null,
  },
  {
    id: '2',
    at: at(1),
    level: 'error',
    message: 'Atlassian answered 500 three times.',
    item: hostile.markup,
    url: hostile.address,
    status: 500,
    traceId: 'b7a1c0ffee',
  },
];

export const recordView: RecordView['record'] = {
  id: '1',
  externalId: '98',
  connectionId: connection.id,
  type: 'page',
  state: 'indexed',
  stateReason: null,
  failure: null,
  title: 'Parental leave',
  url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/98',
  space: { key: 'HR', name: 'People' },
  ancestors: [
    { id: '5', externalId: '50', type: 'page', title: 'Working here', url: hostile.address },
  ] as RecordView['record']['ancestors'],
  author: { accountId: 'u1', name: 'Tomás Rivera' },
  labels: ['policy', hostile.markup],
  createdAt: at(90_000),
  modifiedAt: at(1_500),
  status: 'current',
  version: 7,
  fields: { owner: 'Tomás Rivera', tags: ['policy', hostile.markup], team: null },
  readable: true,
  markdown: [
    '# How much',
    `Everybody may take **twenty weeks**. ${hostile.markup}`,
    `[a link](${hostile.address}) and [another](https://acme.example/a)`,
    '- [x] tell your lead\n- [ ] tell HR\n  - in the portal',
    '| Weeks | Pay |\n| --- | --- |\n| 1 to 12 | full |\n| 13 to 20 | half |',
    '```sql\nselect 1;\n```',
  ].join('\n\n'),
};
