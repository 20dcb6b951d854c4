import type { NoticeDeliveryView, NoticeTargetView, NoticeView } from '../../server/services/notice-views.ts';
import type { BannerNotices } from '../../web/components/banner.ts';
import type { Page } from '../../web/layout.ts';
import { overviewScreen } from '../../web/screens/connection/overview.ts';
import { removeTargetScreen, targetScreen } from '../../web/screens/settings/notification-target.ts';
import { notificationsScreen } from '../../web/screens/settings/notifications.ts';
import { noComparison } from './gallery-permissions.ts';
import { at, connection, dead as unauthorized, hostile, now } from './samples.ts';

const csrfToken = 'token';

const dead: NoticeView = {
  id: 'n1',
  code: 'needs_reauth',
  subject: '',
  severity: 'error',
  message:
    'Atlassian does not accept the consent any more: the account Ines Okafor took it back, changed its password at Atlassian, or was deactivated; Atlassian does not tell which. Reauthenticate. What is indexed stays, with its permissions.',
  connection: { id: connection.id, name: connection.name },
  beganAt: at(42),
  endedAt: null,
  action: { label: 'Reauthenticate', href: `/connections/${connection.id}/authorize`, method: 'post' },
};
const soon: NoticeView = {
  ...dead,
  id: 'n2',
  code: 'token_expires',
  subject: 'soon',
  severity: 'warning',
  message: 'The API token of "Docs" ends on 2026-09-14, as was entered with it.',
  connection: { id: 'c9', name: hostile.markup },
  action: { label: 'Enter a new token', href: '/connections/c9/authenticate', method: 'get' },
};
const over: NoticeView = { ...dead, id: 'n3', beganAt: at(9_000), endedAt: at(8_000), action: null };

const target: NoticeTargetView = {
  id: 't1',
  name: 'On call',
  origin: 'https://hooks.slack.example',
  enabled: true,
  createdAt: at(20_000),
};
const delivered: NoticeDeliveryView = {
  id: 'd1',
  event: 'notice.opened',
  state: 'delivered',
  attempts: 1,
  message: `${connection.name}: ${dead.message}`,
  lastError: null,
  createdAt: at(42),
  nextAttemptAt: null,
  deliveredAt: at(42),
};

const settings = { csrfToken, now, errors: {}, nextCursor: null, made: null };

export const noticeGallery: Record<string, Page> = {
  'overview-needs-reauth': overviewScreen({
    csrfToken,
    connection: { ...unauthorized, statusCause: dead.code, statusMessage: dead.message },
    run: null,
    kinds: [{ kind: 'page', records: 12_408 }],
    failures: 0,
    warnings: [],
    removed: null,
    comparison: noComparison,
    now,
  }),
  'notifications-empty': notificationsScreen({
    ...settings,
    open: [],
    over: [],
    targets: [],
    values: { name: '' },
  }),
  notifications: notificationsScreen({
    ...settings,
    open: [dead, soon],
    over: [over, { ...over, id: 'n4', connection: null, message: hostile.markup }],
    nextCursor: 'x',
    targets: [target, { ...target, id: 't2', name: hostile.markup, enabled: false }],
    made: { name: 'On call', secret: 'whsec_0000000000000000000000000000000000000000000' },
    values: { name: 'On call' },
    errors: { url: 'Only https addresses are requested.' },
  }),
  'notification-target': targetScreen({
    ...settings,
    target,
    deliveries: [
      {
        ...delivered,
        id: 'd3',
        state: 'pending',
        attempts: 3,
        lastError: 'The receiver answered with status 503.',
        nextAttemptAt: at(-2),
        deliveredAt: null,
        message: hostile.markup,
      },
      { ...delivered, id: 'd2', event: 'notice.test', message: 'A test message.' },
      {
        ...delivered,
        id: 'd4',
        state: 'given_up',
        attempts: 31,
        lastError: 'The receiver could not be reached (ECONNREFUSED).',
      },
      delivered,
    ],
    nextCursor: 'x',
  }),
  'notification-target-remove': removeTargetScreen({
    csrfToken,
    target: { ...target, name: hostile.markup },
  }),
  'notification-target-empty': targetScreen({
    ...settings,
    target: { ...target, enabled: false },
    deliveries: [],
  }),
};

/** What stands above a screen of the gallery. */
export function bannerOf(name: string): BannerNotices {
  return name === 'notifications' || name === 'overview-needs-reauth' || name === 'connections'
    ? { notices: [dead, soon], total: 5 }
    : { notices: [], total: 0 };
}
