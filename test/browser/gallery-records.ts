import type { RecordView } from '../../server/api/present-record.ts';
import { stateWords } from '../../scope/state-words.ts';
import type { RecordCountsView } from '../../server/services/records/service.ts';
import type { Page } from '../../web/layout.ts';
import { recordScreen } from '../../web/screens/record.ts';
import type { RecordHandling } from '../../web/screens/record/handling.ts';
import { everything } from '../../web/screens/records/address.ts';
import { listScreen, type ListScreen } from '../../web/screens/records/list.ts';
import { questionScreen, type QuestionScreen } from '../../web/screens/records/question.ts';
import { selectionsScreen } from '../../web/screens/records/selections.ts';
import { treeScreen, type TreeScreen } from '../../web/screens/records/tree.ts';
import { accessView } from './sample-access.ts';
import { recordView } from './sample-lists.ts';
import { at, connection, hostile, now } from './samples.ts';

const csrfToken = 'token';

function record(id: number, more: Partial<RecordView> = {}): RecordView {
  const state = more.state ?? 'indexed';
  return {
    ...recordView,
    id: String(id),
    externalId: String(9_000 + id),
    raw: null,
    stateWords: stateWords(state, more.stateReason ?? null),
    ...more,
  };
}

const records: RecordView[] = [
  record(1),
  record(2, { type: 'comment', title: '', state: 'filtered', stateReason: 'container', author: null }),
  record(3, { title: hostile.markup, url: hostile.address, state: 'filtered', stateReason: 'labels' }),
  record(4, { type: 'folder', state: 'manual', stateReason: 'notChosen', modifiedAt: null, space: null }),
  record(5, { type: 'attachment', title: 'قائمة الأسعار.xlsx', state: 'pending', readable: false }),
  record(6, {
    state: 'failed',
    failure: { stage: 'bodies', message: `HTTP 500 ${hostile.markup}`, nextRetryAt: at(-10) },
  }),
];

const counts: RecordCountsView = {
  records: 12_408,
  states: [
    { state: 'indexed', records: 9_000 },
    { state: 'filtered', records: 3_000 },
    { state: 'manual', records: 400 },
    { state: 'failed', records: 8 },
  ],
  kinds: [
    { type: 'page', records: 12_000, indexed: 8_600 },
    { type: 'comment', records: 408, indexed: 400 },
  ],
  reasons: [
    { state: 'filtered', reason: 'labels', words: 'Left out by the filter of labels', records: 3_000 },
    { state: 'filtered', reason: 'container', words: 'Left out: it belongs to a page', records: 3 },
    { state: 'manual', reason: 'container', words: 'Not indexed: it belongs to a page', records: 4 },
    { state: 'manual', reason: 'unindexed', words: 'Not indexed: it was un-indexed by hand', records: 400 },
  ],
};
const none: RecordCountsView = { records: 0, states: [], kinds: [], reasons: [] };

const list: ListScreen = {
  csrfToken,
  connection,
  counts,
  state: everything,
  errors: {},
  records,
  nextCursor: 'next',
  matching: null,
  now,
};

const top: TreeScreen = {
  connection,
  counts,
  at: { is: 'top' },
  spaces: [
    {
      id: '1',
      externalId: '10',
      key: 'HR',
      name: 'People',
      type: 'global',
      status: 'current',
      states: { indexed: 8_000, filtered: 3_000 },
    },
    {
      id: '2',
      externalId: '11',
      key: '~71',
      name: hostile.markup,
      type: 'personal',
      status: 'archived',
      states: {},
    },
  ],
  places: [],
  parts: [],
  below: new Map(),
  more: '?cursor=x',
  moreParts: false,
};
const below: TreeScreen = {
  ...top,
  at: { is: 'record', record: record(7) },
  spaces: [],
  places: records.slice(2, 4),
  parts: [records[1]!, records[4]!],
  below: new Map([
    ['9003', { states: { indexed: 12, filtered: 3, failed: 1 }, records: 16, more: false }],
    ['9004', { states: { indexed: 1_001 }, records: 1_001, more: true }],
  ]),
  moreParts: true,
};

const question: QuestionScreen = {
  csrfToken,
  connection,
  action: 'unindex',
  target: [
    ['all', '1'],
    ['label', 'x'],
  ],
  kind: 'all',
  reach: { records: 12_408, states: { indexed: 9_000, filtered: 3_408 }, name: null },
  back: '/connections',
};

const handling: RecordHandling = {
  csrfToken,
  connection: { id: connection.id, name: connection.name },
  raw: `<p>${hostile.markup}</p>${'<p>long</p>'.repeat(50)}`,
  history: [
    { at: at(5), what: 'unchosen', words: 'Un-indexed by ines@acme.example', runId: null },
    { at: at(95), what: 'renamed', words: `Renamed from "${hostile.markup}" to "x"`, runId: 'r1' },
  ],
  versions: { is: 'not_asked' },
};
const own = {
  record: recordView,
  access: accessView,
  asker: 'administrator' as const,
  unknownPerson: null,
  now,
};

/** The screens on a connection's records, beside those of gallery.ts. */
export const recordsGallery: Record<string, Page> = {
  'records-tree': treeScreen(top),
  'records-tree-space': treeScreen({
    ...top,
    at: { is: 'space', key: 'HR', name: hostile.markup },
    spaces: [],
    places: records,
  }),
  'records-tree-below': treeScreen(below),
  'records-tree-end': treeScreen({ ...below, places: [], parts: [] }),
  'records-none': treeScreen({ ...top, counts: none, spaces: [] }),
  'records-list': listScreen(list),
  'records-list-narrowed': listScreen({
    ...list,
    state: {
      ...everything,
      q: hostile.markup,
      state: 'filtered',
      reason: 'labels',
      parent: '7',
      label: 'x',
      sort: 'title',
    },
    matching: { records: 50_000, more: true },
    nextCursor: null,
  }),
  'records-list-nothing': listScreen({
    ...list,
    state: { ...everything, q: 'x' },
    records: [],
    matching: { records: 0, more: false },
    nextCursor: null,
  }),
  'records-list-errors': listScreen({
    ...list,
    state: { ...everything, modifiedAfter: 'x' },
    errors: { modifiedAfter: 'Must be a date.' },
    records: [],
    nextCursor: null,
  }),
  'records-question-all': questionScreen(question),
  'records-question-subtree': questionScreen({
    ...question,
    action: 'index',
    kind: 'subtree',
    target: [['subtree', '7']],
    reach: { ...question.reach, name: hostile.markup },
  }),
  'records-selections': selectionsScreen({
    csrfToken,
    connection,
    selections: [
      {
        id: 's1',
        name: hostile.markup,
        filters: { label: 'policy', space: 'HR' },
        createdBy: 'ines@acme.example',
        createdAt: at(95),
      },
    ],
    now,
  }),
  'records-selections-none': selectionsScreen({ csrfToken, connection, selections: [], now }),
  'record-handled': recordScreen({ ...own, handling }),
  'record-handled-versions': recordScreen({
    ...own,
    record: { ...recordView, state: 'failed', failure: records[5]!.failure },
    handling: {
      ...handling,
      history: [],
      versions: {
        is: 'asked',
        items: [
          {
            number: 7,
            at: at(95),
            author: { accountId: 'a', name: 'Ines' },
            message: hostile.markup,
            minor: true,
          },
          { number: 6, at: at(995), author: null, message: '', minor: false },
        ],
        more: true,
      },
    },
  }),
  'record-handled-refused': recordScreen({
    ...own,
    record: { ...recordView, state: 'filtered', stateReason: 'labels' },
    handling: { ...handling, versions: { is: 'refused', why: 'Confluence took too long to answer.' } },
  }),
};
