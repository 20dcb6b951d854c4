import type { BrakeView, RemovalView } from '../../server/services/removals.ts';
import { removalReason } from '../../server/services/removal-words.ts';
import type { Page } from '../../web/layout.ts';
import { removeScreen } from '../../web/screens/connection/removed-confirm.ts';
import { removedScreen, type RemovedScreen } from '../../web/screens/connection/removed.ts';
import { at, connection, hostile, now } from './samples.ts';

const csrfToken = 'token';
const account = 'Ines Okafor';

function removal(id: number, cause: RemovalView['cause'], more: Partial<RemovalView> = {}): RemovalView {
  return {
    id: String(id),
    at: at(id * 35),
    externalId: String(4_700 + id),
    type: 'page',
    title: 'Travel and expenses 2024',
    url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/4711',
    spaceKey: 'HR',
    cause,
    reason: removalReason(cause, account),
    runId: '11111111-1111-4111-8111-111111111111',
    ...more,
  };
}

const items: RemovalView[] = [
  removal(1, 'trashed'),
  removal(2, 'container_gone', { type: 'comment', title: '', spaceKey: 'HR' }),
  removal(3, 'not_shown', { title: hostile.markup, url: hostile.address, spaceKey: '~712020aé' }),
  removal(4, 'space_gone', { type: 'folder', title: 'Pay', runId: null, spaceKey: null }),
  removal(5, 'out_of_scope', { type: 'attachment', title: 'قائمة الأسعار.xlsx' }),
];

const asked: BrakeView = {
  id: '33333333-3333-4333-8333-333333333333',
  scope: 'space',
  spaceId: '98',
  name: 'People and pay',
  found: 412,
  total: 1_030,
  causes: [
    { cause: 'not_shown', records: 140, reason: removalReason('not_shown', account) },
    { cause: 'container_gone', records: 272, reason: removalReason('container_gone', account) },
  ],
  sample: items.map(({ externalId, type, title, url, cause }) => ({ externalId, type, title, url, cause })),
  state: 'asked',
  askedAt: at(95),
  decidedAt: null,
};
const whole: BrakeView = { ...asked, id: '34', scope: 'connection', spaceId: null, name: hostile.markup };

const view: RemovedScreen = {
  csrfToken,
  connection,
  brakes: [],
  cause: null,
  q: '',
  removals: { items, nextCursor: 'next' },
  now,
};
const none = { items: [], nextCursor: null };

/** The screens about what was removed, beside those of gallery.ts. */
export const removedGallery: Record<string, Page> = {
  removed: removedScreen(view),
  'removed-none': removedScreen({ ...view, removals: none }),
  'removed-narrowed': removedScreen({ ...view, cause: 'trashed', q: 'pay', removals: none }),
  'removed-asked': removedScreen({
    ...view,
    brakes: [asked, whole, { ...asked, id: '35', state: 'kept' }, { ...asked, id: '36', state: 'confirmed' }],
  }),
  'removed-confirm': removeScreen({ csrfToken, connection, brake: asked, errors: {} }),
  'removed-confirm-wrong': removeScreen({
    csrfToken,
    connection,
    brake: whole,
    errors: { confirmation: `Type the name exactly: ${whole.name}` },
  }),
};
