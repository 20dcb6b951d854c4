import type { HiddenPage, HiddenView } from '../../server/services/hidden.ts';
import type { Page } from '../../web/layout.ts';
import { hiddenScreen, type HiddenScreen } from '../../web/screens/connection/hidden.ts';
import { at, connection, hostile, now } from './samples.ts';

const one: HiddenView = {
  cause: 'space',
  externalId: '98',
  recordId: null,
  type: 'space',
  title: 'People and pay',
  url: 'https://acme.atlassian.net/wiki/spaces/PAY',
  records: 1_000,
  more: true,
  reason: 'Atlassian answered 403: the account may not read the permissions of this space.',
  remedy: 'Give the connected account view permission on this space; then read permissions again.',
  since: at(2_900),
  lastTriedAt: at(6),
  attempts: 193,
  httpStatus: 403,
  traceId: 'b7a1c0ffee',
};
const untold = {
  since: null,
  lastTriedAt: null,
  attempts: null,
  httpStatus: null,
  traceId: null,
  more: false,
};

const items: HiddenView[] = [
  { ...one, cause: 'product', type: 'product', externalId: null, title: 'Acme wiki', httpStatus: 401 },
  one,
  {
    ...one,
    cause: 'place',
    type: 'folder',
    externalId: '4711',
    recordId: '12',
    title: hostile.markup,
    url: hostile.address,
    records: 214,
    more: false,
    attempts: 1,
    reason: hostile.markup,
  },
  {
    ...one,
    ...untold,
    cause: 'place',
    type: 'place',
    externalId: '4712',
    title: '4712',
    url: 'https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=4712',
    records: 3,
    reason: 'Something hangs below it, and no listing of Confluence held it.',
  },
  {
    ...one,
    cause: 'restriction',
    type: 'page',
    recordId: '13',
    title: 'מדיניות חופשה (2026)',
    records: 2,
    more: false,
  },
  { ...one, ...untold, cause: 'unread', type: 'page', recordId: '14', title: 'Parental leave', records: 1 },
  {
    ...one,
    ...untold,
    cause: 'held',
    type: 'page',
    recordId: '15',
    title: 'Salary bands',
    records: 9,
    since: at(400),
    reason: 'Confluence refuses somebody there whom Sluice admitted.',
  },
  {
    ...one,
    ...untold,
    cause: 'unseen',
    type: 'attachment',
    recordId: '16',
    title: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz-final-final.pdf',
    records: 1,
  },
];
const hidden: HiddenPage = {
  items,
  nextCursor: null,
  records: 12_408,
  counts: { product: 1, space: 1, place: 31, restriction: 1, unread: 1, held: 1, unseen: 2_104 },
};
const view: HiddenScreen = { csrfToken: 'token', connection, cause: null, hidden, now };
const nothing: HiddenPage = { items: [], nextCursor: null, records: 0, counts: {} };

/** What is hidden from everybody, in its states. */
export const hiddenGallery: Record<string, Page> = {
  'connection-hidden': hiddenScreen(view),
  'connection-hidden-of-a-cause': hiddenScreen({
    ...view,
    cause: 'place',
    hidden: { ...hidden, nextCursor: 'next', items: items.filter(({ cause }) => cause === 'place') },
  }),
  'connection-hidden-cause-gone': hiddenScreen({
    ...view,
    cause: 'held',
    hidden: { ...hidden, items: [], counts: { space: 1 } },
  }),
  'connection-hidden-nothing': hiddenScreen({ ...view, hidden: nothing }),
  'connection-hidden-settling': hiddenScreen({ ...view, hidden: { ...nothing, records: 250 } }),
  'connection-hidden-never-synced': hiddenScreen({
    ...view,
    connection: { ...connection, lastRun: null },
    hidden: nothing,
  }),
};
