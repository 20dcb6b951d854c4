import { storedValues, zones } from '../../server/pages/configure-form.ts';
import type { ConnectionView } from '../../server/views.ts';
import type { Page } from '../../web/layout.ts';
import { configureScreen } from '../../web/screens/connection/configure.ts';
import { connection, hostile, now } from './samples.ts';

const filtered: ConnectionView = {
  ...connection,
  settings: {
    sync: { strategy: 'scheduled', intervalMinutes: 60 },
    scope: { by: 'labels', pageLabel: 'assistant', archivedSpaces: true },
    filters: {
      spaceKeys: { operator: 'in', values: ['HR', '~712020abc', 'ENG'] },
      pageIds: { operator: 'not_in', values: ['65551', '65552'] },
      labels: { operator: 'not_in', values: ['draft'] },
      contentTypes: { operator: 'in', values: ['page', 'blogpost'] },
      authors: { operator: 'in', values: ['557058:1'] },
      modified: {
        operator: 'is_between',
        from: '2026-01-01T00:00:00+01:00',
        to: '2026-03-31T15:30:00Z',
        timezone: 'Europe/Zurich',
      },
    },
    indexing: { pageComments: false, mode: 'manual' },
  },
};
const configure = {
  csrfToken: 'token',
  errors: {},
  isDraft: false,
  zones: zones.slice(0, 40),
  spaces: null,
  authors: null,
  named: [],
  unknown: [],
  now,
};
const values = storedValues(filtered);
const space = { id: '1', key: 'HR', name: 'People', type: 'global', status: 'current', pages: 1_240 };

/** Which records are wanted: every part of the form, set, searched, wrong, and doubted. */
export const configureGallery: Record<string, Page> = {
  'connection-configure-filters': configureScreen({ ...configure, connection: filtered, values }),
  'connection-configure-found': configureScreen({
    ...configure,
    connection: filtered,
    values: { ...values, spaceSearch: 'e', authorSearch: hostile.markup },
    isDraft: true,
    spaces: {
      items: [
        space,
        { ...space, id: '2', key: 'OLD', name: hostile.markup, status: 'archived', pages: null },
        { ...space, id: '3', key: `~${'7120'.repeat(14)}`, name: 'Ada', type: 'personal', pages: 1 },
        {
          ...space,
          id: '4',
          key: 'X',
          name: 'Handläggningsordningsprövning'.repeat(4),
          type: 'onboarding',
          pages: 0,
        },
      ],
      found: 312,
      notAsked: null,
    },
    authors: {
      items: [
        { accountId: '557058:1', name: 'Ines Okafor', email: 'ines@acme.example', status: 'active' },
        { accountId: '557058:2', name: hostile.markup, email: null, status: 'inactive' },
      ],
      more: true,
    },
    named: [{ accountId: '557058:1', name: 'Ines Okafor', email: null, status: 'active' }],
  }),
  'connection-configure-unreachable': configureScreen({
    ...configure,
    connection: filtered,
    values: { ...values, spaceSearch: 'nothing' },
    spaces: { items: [], found: 0, notAsked: 'Confluence took too long to answer.' },
    authors: { items: [], more: false },
  }),
  'connection-configure-unknown': configureScreen({
    ...configure,
    connection: filtered,
    values,
    unknown: [
      { field: 'spaceKeys', value: 'eng', why: 'Capital letters count: the site has a space ENG.' },
      { field: 'pageIds', value: '65552', why: 'It is in the trash of Confluence.' },
      {
        field: 'labels',
        value: hostile.markup,
        why: 'Nothing that the account may see carries this label so far.',
      },
    ],
  }),
  'connection-configure-filter-errors': configureScreen({
    ...configure,
    connection: filtered,
    values: { ...values, pageIds: 'Travel policy', modifiedFrom: '', filterZone: hostile.markup },
    errors: {
      pageIds: 'Not understood: “Travel”: Not an id such as 65551, and not an address of the site.',
      contentTypes: 'Choose at least one type, or all of them for no filter.',
      modifiedFrom: 'Give a day, like 2026-01-31.',
      filterZone: 'A time zone by its IANA name, for example Europe/Zurich.',
      treeLabel: 'Another label than the one for a page alone.',
    },
  }),
};
