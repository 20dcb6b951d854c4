import type { ExplainAnswer } from '../../server/explain/answer.ts';
import { hiddenReasons, hiddenRemedies, nothingFound } from '../../server/explain/words.ts';
import type { AccessView } from '../../web/screens/record/access.ts';
import { at, connection, hostile, user } from './samples.ts';

const layer = {
  state: 'known',
  reason: null,
  readAt: at(40),
  admitted: true,
  moreAdmissions: 0,
  admits: null,
} as const;
const refusing = { ...layer, admitted: false as const, by: null, admissions: [] };
const freshness = { readAt: at(9), oldestReadAt: at(51), promisedSeconds: 1_320, nextReadAt: at(-6) };

const product: AccessView['layers'][number] = {
  ...layer,
  kind: 'product',
  sourceId: 'product',
  name: 'Acme wiki',
  by: { principal: 'group:g1', name: 'confluence-users' },
  admissions: [
    {
      principal: 'group:g1',
      name: 'confluence-users',
      path: 'through the group confluence-users',
      groups: [{ id: 'g1', name: 'confluence-users', readAt: at(12) }],
      roles: [],
    },
  ],
};

const space: AccessView['layers'][number] = {
  ...layer,
  kind: 'space',
  sourceId: '7',
  name: 'People',
  by: { principal: 'class:all-licensed-users', name: 'everybody with access to Confluence' },
  admissions: [
    {
      principal: 'class:all-licensed-users',
      name: 'everybody with access to Confluence',
      path: `because of access to Confluence (group ${hostile.markup}), in the role Viewer`,
      groups: [],
      roles: ['Viewer'],
    },
    { principal: 'user:557058:1', name: 'Ines Okafor', path: 'by name', groups: [], roles: [] },
  ],
  moreAdmissions: 2,
};

export const accessView: AccessView = {
  record: {
    id: '1',
    externalId: '98',
    type: 'page',
    title: 'Parental leave',
    url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/98',
    space: { key: 'HR', name: 'People' },
  },
  user: { email: user.email },
  accountId: '557058:1',
  visible: false,
  reason: 'The view restriction of “Working here” does not admit this person.',
  match: {
    accounts: [{ accountId: '557058:1', name: 'Ines Okafor', source: 'grant' }],
    code: 'matched',
    reason: 'The account is proven.',
    remedy: null,
  },
  layers: [
    product,
    space,
    {
      ...refusing,
      kind: 'content',
      sourceId: '50',
      name: hostile.markup,
      admits: {
        principals: [
          { principal: 'group:g9', name: 'leadership', known: false },
          { principal: 'user:557058:9', name: hostile.markup, known: true },
        ],
        more: 31,
      },
    },
    {
      ...refusing,
      kind: 'content',
      sourceId: '51',
      name: null,
      state: 'unknown',
      reason: 'Atlassian answered 404',
    },
    {
      ...refusing,
      kind: 'content',
      sourceId: '52',
      name: 'Salary bands',
      admits: { principals: [], more: 0 },
    },
  ],
  obstacles: [
    { code: 'held', message: `“${hostile.markup}”, above it, is held back from everybody: Ben`, hides: true },
    { code: 'failure', message: 'It failed twice (pages): Atlassian answered 500.', hides: false },
  ],
  placesReadAt: at(47),
  ...freshness,
};

export const ownAccess: AccessView = {
  ...accessView,
  visible: true,
  reason: 'Every layer admits this person.',
  layers: [product, space],
  obstacles: [],
};

export const unmatchedAccess: AccessView = {
  ...accessView,
  accountId: null,
  reason: 'No active Atlassian account of this site is matched to this person.',
  match: {
    accounts: [],
    code: 'no_account',
    reason: 'No account that is known of this site shows the email.',
    remedy: 'Let the person connect the account under Profile, or confirm it under People.',
  },
  obstacles: [],
  readAt: null,
  promisedSeconds: null,
};

const site: ExplainAnswer['sites'][number] = {
  connectionId: connection.id,
  connection: hostile.markup,
  visitor: true,
  accounts: [{ accountId: '557058:1', name: 'Ines Okafor', source: 'email' }],
  code: 'matched',
  reason: 'The account is known by its email.',
  remedy: null,
  ...freshness,
};

const nothing: ExplainAnswer = {
  user: { email: user.email },
  asked: 'url',
  visible: false,
  reason: 'Nothing like this is stored here.',
  items: [],
  more: false,
  absence: [],
  possibleReasons: [],
  sites: [site],
  remedies: [],
};

export const answers = {
  one: { ...nothing, reason: accessView.reason, items: [accessView] },
  several: {
    ...nothing,
    asked: 'title',
    more: true,
    items: [
      ownAccess,
      accessView,
      { ...unmatchedAccess, record: { ...accessView.record, title: hostile.markup } },
    ],
  },
  absent: {
    ...nothing,
    absence: [
      { code: 'failed', message: `Reading it failed 3 times: ${hostile.markup}` },
      { code: 'not_listed', message: 'Acme wiki: the last complete run did not bring it.' },
    ],
    sites: [site, { ...site, accounts: [], visitor: false, reason: 'Two accounts show it.', remedy: 'Ask.' }],
  },
  hidden: {
    ...nothing,
    reason: nothingFound,
    possibleReasons: hiddenReasons,
    remedies: hiddenRemedies([site]),
  },
  unknown: {
    ...nothing,
    reason: nothingFound,
    possibleReasons: hiddenReasons,
    remedies: hiddenRemedies([]),
    sites: [],
  },
} satisfies Record<string, ExplainAnswer>;
