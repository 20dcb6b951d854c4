import type { Page } from '../../web/layout.ts';
import { explainScreen, type ExplainView } from '../../web/screens/explain.ts';
import { recordScreen } from '../../web/screens/record.ts';
import { accessView, answers, ownAccess, unmatchedAccess } from './sample-access.ts';
import { recordView } from './sample-lists.ts';
import { hostile, now } from './samples.ts';

const asked: ExplainView = {
  item: 'https://acme.atlassian.net/wiki/spaces/HR/pages/98/Parental+leave',
  user: 'ines@acme.example',
  asker: 'administrator',
  answer: null,
  errors: {},
  now,
};
const file = { ...recordView, type: 'attachment' as const, title: 'bands-2026.csv', markdown: '' };
const own: ExplainView = { ...asked, user: '', asker: 'member' };

/** A record with its explanation, and "Why don't I see…?", in each of their states. */
export const explainGallery: Record<string, Page> = {
  record: recordScreen({
    record: recordView,
    access: accessView,
    asker: 'administrator',
    unknownPerson: 'nobody@acme.example',
    now,
  }),
  'record-own': recordScreen({
    record: recordView,
    access: ownAccess,
    asker: 'member',
    unknownPerson: null,
    now,
  }),
  'record-hidden': recordScreen({
    record: { ...recordView, readable: false, markdown: null },
    access: unmatchedAccess,
    asker: 'administrator',
    unknownPerson: null,
    now,
  }),
  'record-file': recordScreen({
    record: { ...file, markdown: '```\nfamily,level\n```' },
    fileText: { state: 'done', kind: 'csv', code: null, message: null, truncated: true },
    access: ownAccess,
    asker: 'member',
    unknownPerson: null,
    now,
  }),
  'record-file-failed': recordScreen({
    record: file,
    fileText: { state: 'failed', kind: null, code: 'broken', message: hostile.markup, truncated: false },
    access: ownAccess,
    asker: 'member',
    unknownPerson: null,
    now,
  }),
  'record-file-none': recordScreen({
    record: file,
    fileText: {
      state: 'none',
      kind: null,
      code: 'encrypted',
      message: 'The file is protected by a password.',
      truncated: false,
    },
    access: ownAccess,
    asker: 'member',
    unknownPerson: null,
    now,
  }),
  explain: explainScreen({ ...own, item: '' }),
  'explain-administrator': explainScreen({ ...asked, item: '' }),
  'explain-errors': explainScreen({
    ...asked,
    item: hostile.markup,
    errors: { user: `There is no user of Sluice with the email ${hostile.markup}.` },
  }),
  'explain-one': explainScreen({ ...asked, answer: answers.one }),
  'explain-several': explainScreen({ ...asked, answer: answers.several }),
  'explain-absent': explainScreen({ ...asked, answer: answers.absent }),
  'explain-own': explainScreen({ ...own, answer: { ...answers.one, visible: true } }),
  'explain-hidden': explainScreen({ ...own, answer: answers.hidden }),
  'explain-unknown': explainScreen({ ...own, asker: 'somebody', answer: answers.unknown }),
};
