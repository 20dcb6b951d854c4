import { expect, test } from '@jest/globals';
import type { NoticeRow } from '../../store/notices-read.ts';
import { presentNotice } from './notice-views.ts';

const about = (change: Partial<NoticeRow>): NoticeRow => ({
  id: 'n1',
  connection_id: 'c1',
  connection_name: 'Acme wiki',
  auth_method: 'oauth',
  connection_status: 'active',
  status_cause: null,
  code: 'mass_deletion',
  subject: '',
  severity: 'warning',
  message: 'Look.',
  began_at: new Date(0),
  ended_at: null,
  ...change,
});
const leadsTo = (change: Partial<NoticeRow>) => presentNotice(about(change)).action?.href;

test.each([
  ['mass_deletion', '/connections/c1/runs/removed'],
  ['scope_shrank', '/connections/c1/runs/removed'],
  ['permissions_unread', '/connections/c1/permissions/hidden'],
  ['nothing_found', '/connections/c1/authorize'],
  ['counters_unbalanced', '/connections/c1/runs'],
  ['run_stuck', '/connections/c1/runs'],
  ['needs_reauth', '/connections/c1/authorize'],
  ['consent_expires', '/connections/c1/authorize'],
] as const)('a notice of %s leads to where it is seen to', (code, href) => {
  expect(leadsTo({ code })).toBe(href);
});

test('of an API token it leads to where one is entered, of a target to the target', () => {
  expect(leadsTo({ code: 'token_expires', auth_method: 'api_token' })).toBe('/connections/c1/authenticate');
  expect(leadsTo({ code: 'notice_target_failing', connection_id: null, subject: 't1' })).toBe(
    '/settings/notifications/t1',
  );
});

test('what is over, and what no page shows, has nothing to click', () => {
  expect(presentNotice(about({ ended_at: new Date(1) })).action).toBeNull();
  expect(presentNotice(about({ code: 'engine_away', connection_id: null })).action).toBeNull();
});
