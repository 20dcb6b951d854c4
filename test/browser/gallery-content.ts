import { storedContent } from '../../server/pages/content-form.ts';
import type { ConnectionView } from '../../server/views.ts';
import type { Page } from '../../web/layout.ts';
import { contentScreen, type ContentView } from '../../web/screens/connection/content.ts';
import { connection, hostile, progress, unfinished } from './samples.ts';

const used = {
  sampled: 500,
  macros: [
    { name: 'code', bodies: 212 },
    { name: 'info', bodies: 88 },
    { name: hostile.markup, bodies: 1 },
  ],
};
const ruled: ConnectionView = {
  ...connection,
  currentRun: progress,
  settings: {
    ...connection.settings,
    content: {
      fields: { owner: { from: 'creator', default: 'nobody' }, tags: { from: 'labels' } },
      macros: {
        default: 'text',
        byName: { info: 'drop', 'a-very-long-name-of-a-macro-that-no-vendor-would-choose': 'raw' },
      },
      tables: 'html',
      images: 'alt',
      attachments: {
        default: 'link',
        byType: [{ types: ['application/pdf', '.zip'], handling: 'skip' }],
        maxBytes: 20_000_000,
        larger: 'skip',
      },
    },
  },
};
const view = (of: ConnectionView, change: Partial<ContentView> = {}): ContentView => ({
  csrfToken: 'token',
  connection: of,
  values: storedContent(of, used.macros),
  errors: {},
  used,
  choices: [],
  preview: null,
  ...change,
});
const side = { markdown: '', text: '', fields: {} };

/** What of a page becomes its record. */
export const contentGallery: Record<string, Page> = {
  'connection-content': contentScreen(view(ruled)),
  'connection-content-first': contentScreen(view(connection, { used: { sampled: 0, macros: [] } })),
  'connection-content-locked': contentScreen(view(unfinished)),
  'connection-content-errors': contentScreen(
    view(ruled, {
      values: { ...storedContent(ruled, used.macros), largest: 'much', item: hostile.markup },
      errors: {
        'field-0-name': '"owner" is there twice.',
        'macro-1-name': 'A macro is named as in the page’s source, for example "expand".',
        'type-0-types': 'A media type such as application/pdf or image/*, or an extension such as .zip.',
        largest: 'Give a size in megabytes, at most 10,000, or leave it empty.',
        item: 'Name a page: its title, id or address.',
      },
    }),
  ),
  'connection-content-choices': contentScreen(
    view(connection, {
      choices: [
        { id: '1', title: 'Runbook', space: 'Engineering' },
        { id: '2', title: hostile.markup, space: null },
      ],
    }),
  ),
  'connection-content-preview': contentScreen(
    view(ruled, {
      preview: {
        record: { id: '1', title: hostile.markup, url: hostile.address },
        before: { ...side, fields: { owner: 'Ada', old: null } },
        after: { ...side, fields: { owner: hostile.markup, tags: ['a', 'b'] } },
        changes: [
          { kind: 'same', text: '# Restore the billing database\n\n' },
          { kind: 'removed', text: '> **Note**\n>\n> ' },
          { kind: 'same', text: 'Stop the workers. ' },
          { kind: 'added', text: `${hostile.markup} ${'x'.repeat(400)}\n` },
        ],
        cut: true,
      },
    }),
  ),
  'connection-content-same': contentScreen(
    view(connection, {
      preview: {
        record: { id: '1', title: 'Runbook', url: 'https://acme.example' },
        before: side,
        after: side,
        changes: [],
        cut: false,
      },
    }),
  ),
};
