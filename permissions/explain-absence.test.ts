import { expect, test } from '@jest/globals';
import { absenceOf, type AbsenceFacts } from './explain-absence.ts';

const connection: AbsenceFacts['connections'][number] = {
  name: 'Wiki',
  status: 'active',
  accountName: 'Crawler',
  personalSpaces: true,
  archivedSpaces: false,
  spaceLeftOutBy: null,
  lastFullAt: '2026-01-01T00:00:00.000Z',
  running: false,
  spaceKnown: null,
  listed: false,
};
const failure = { title: 'Pay', message: '500', attempts: 2, lastAt: 'A', nextRetryAt: null };
const facts = (change: Partial<AbsenceFacts> = {}, of: Partial<typeof connection> = {}): AbsenceFacts => ({
  unreadable: false,
  host: 'acme.atlassian.net',
  spaceKey: null,
  connections: [{ ...connection, ...of }],
  failures: [],
  ...change,
});

test.each<[string, AbsenceFacts, string[], RegExp]>([
  ['another site', facts({ connections: [] }), ['no_connection'], /site acme\.atlassian\.net/],
  ['nothing connected', facts({ connections: [], host: null }), ['no_connection'], /Nothing is connected/],
  ['an address of no content', facts({ unreadable: true }), ['not_content', 'not_listed'], /names no page/],
  [
    'a failed item',
    facts({ failures: [failure] }),
    ['failed'],
    /failed 2 times, last at A: 500 – the next run/,
  ],
  ['not set up', facts({}, { status: 'draft' }), ['connection_draft'], /not set up/],
  ['going away', facts({}, { status: 'disconnecting' }), ['connection_disconnecting'], /disconnected/],
  ['disabled', facts({}, { status: 'disabled' }), ['connection_disabled', 'not_listed'], /disabled/],
  [
    'no good token',
    facts({}, { status: 'needs_reauth' }),
    ['connection_needs_reauth', 'not_listed'],
    /authorized again/,
  ],
  ['listed, not read', facts({}, { listed: true }), ['not_read'], /has not been read yet/],
  [
    'a personal space that is left out',
    facts({ spaceKey: '~ben' }, { spaceKnown: false, personalSpaces: false }),
    ['space_not_stored'],
    /~ben is personal, and the settings leave personal spaces out/,
  ],
  [
    'a space that a filter leaves out',
    facts({ spaceKey: 'HR' }, { spaceKnown: false, spaceLeftOutBy: 'the filter of space keys' }),
    ['space_not_stored'],
    /the space HR is left out by the filter of space keys/,
  ],
  [
    'a space that is not stored',
    facts({ spaceKey: 'HR' }, { spaceKnown: false }),
    ['space_not_stored'],
    /no space HR is stored: it is archived \(the settings leave archived spaces out\)/,
  ],
  [
    'no complete run',
    facts({}, { lastFullAt: null, running: true }),
    ['running', 'never_complete'],
    /under way/,
  ],
  [
    'a complete run',
    facts({}, { spaceKnown: true }),
    ['not_listed'],
    /its account \(Crawler\) may not open it/,
  ],
])('why something is not stored: %s', (_name, given, codes, words) => {
  const found = absenceOf(given);
  expect(found.map(({ code }) => code)).toEqual(codes);
  expect(found.map(({ message }) => message).join(' ')).toMatch(words);
});
