import type { AuditLogView, AuditRecordView } from '../../server/services/confluence-audit.ts';
import type { Page } from '../../web/layout.ts';
import { confluenceAuditScreen, type AuditFields } from '../../web/screens/connection/confluence-audit.ts';
import { at, connection, hostile, now } from './samples.ts';

const log: AuditLogView = {
  state: 'readable',
  message: null,
  readUpTo: at(4),
  categories: ['Pages', 'Permissions', 'Users and groups', hostile.markup],
};

const record: AuditRecordView = {
  id: '7',
  at: at(38),
  author: { accountId: '557058:1', name: 'Ines Okafor' },
  category: 'Permissions',
  summary: 'Content restriction added',
  description: '',
  object: { name: 'Tomás Rivera', objectType: 'User' },
  associated: [
    { name: 'Parental leave', objectType: 'Page' },
    { name: 'People', objectType: 'Space' },
  ],
  changed: [
    { name: 'Type', oldValue: '', newValue: 'View' },
    { name: 'User', oldValue: '', newValue: 'Tomás Rivera' },
  ],
  remoteAddress: '203.0.113.7',
  recordId: '1',
};

const records: AuditRecordView[] = [
  record,
  {
    ...record,
    id: '6',
    at: at(95),
    category: 'Users and groups',
    summary: 'User removed from group',
    object: { name: 'leadership', objectType: 'Group' },
    associated: [{ name: 'מיה כהן', objectType: 'User' }],
    changed: [],
    recordId: null,
  },
  {
    ...record,
    id: '5',
    at: at(4_000),
    author: { accountId: null, name: hostile.markup },
    summary: hostile.markup,
    description: 'An app wrote this record.',
    object: { name: hostile.address, objectType: hostile.markup },
    associated: [],
    changed: [{ name: hostile.markup, oldValue: hostile.markup, newValue: '2001:db8:85a3::8a2e:370:7334' }],
    remoteAddress: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
    recordId: null,
  },
];

const filter: AuditFields = { from: '', to: '', author: '', object: '', category: '', q: '' };
const view = { connection, log, records, nextCursor: 'next', filter, errors: {}, now };
const none = { records: [], nextCursor: null };

/** The audit log of Confluence in the states that differ in what they show. */
export const auditGallery: Record<string, Page> = {
  'confluence-audit': confluenceAuditScreen(view),
  'confluence-audit-filtered': confluenceAuditScreen({
    ...view,
    ...none,
    filter: { ...filter, category: hostile.markup, from: '2026-03-01' },
  }),
  'confluence-audit-wrong': confluenceAuditScreen({
    ...view,
    ...none,
    filter: { ...filter, from: 'yesterday' },
    errors: { from: 'A day such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.' },
  }),
  'confluence-audit-untried': confluenceAuditScreen({
    ...view,
    ...none,
    log: { ...log, state: 'untried', readUpTo: null, categories: [] },
  }),
  'confluence-audit-empty': confluenceAuditScreen({ ...view, ...none, log: { ...log, categories: [] } }),
  'confluence-audit-refused': confluenceAuditScreen({
    ...view,
    nextCursor: null,
    log: {
      ...log,
      state: 'refused',
      message:
        'The account that Sluice reads with lacks the global permission "Confluence Administrator", or the plan of ' +
        'the site has no audit log for apps. Let a Confluence administrator authorize the connection. Nothing is ' +
        'lost: a changed permission then counts when it is read in its turn, not a few minutes after the change.',
    },
  }),
};
