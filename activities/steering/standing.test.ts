import { expect, test } from '@jest/globals';
import type { SteeringFacts } from '../../store/steering.ts';
import { listsTheSame, readingScope, standingOf, standsInScope } from './standing.ts';

const facts: SteeringFacts = {
  kind: 'full',
  trigger: 'manual',
  state: 'running',
  scope: { ...readingScope({}) },
  status: 'active',
  statusCause: null,
  statusMessage: null,
  settings: {},
  settingsVersion: 1,
  credentialVersion: 1,
};
/** Ten at night to six in the morning, by the clock of Zurich. */
const nights = {
  sync: { strategy: 'scheduled' as const, window: { from: '22:00', to: '06:00' }, timezone: 'Europe/Zurich' },
};
const noon = new Date('2026-11-21T11:00:00Z');
const midnight = new Date('2026-11-21T23:00:00Z');
const go = { is: 'go' };
const named = (...values: string[]) => ({ operator: 'in' as const, values });
const waits = { is: 'rest', why: 'outside_hours', until: '2026-11-21T21:00:00.000Z' };
const dead = { is: 'dead', cause: 'token_rejected', message: 'The token is refused.' };
const refused = { status: 'needs_reauth', statusCause: dead.cause, statusMessage: dead.message } as const;

test.each<[name: string, change: Partial<SteeringFacts>, at: Date, standing: object]>([
  ['an active connection goes on', {}, noon, go],
  ['one that asks something goes on', { status: 'attention' }, noon, go],
  ['a paused one rests until it is resumed', { status: 'paused' }, noon, { is: 'rest', until: null }],
  ['a disabled one stops', { status: 'disabled' }, noon, { is: 'stop' }],
  ['one that is deleted stops', { status: 'disconnecting' }, noon, { is: 'stop' }],
  ['one without a consent stops', { status: 'draft' }, noon, { is: 'stop' }],
  ['a dead credential ends the run with its cause', refused, noon, dead],
  ['another scope begins again', { settings: { scope: { archivedSpaces: true } } }, noon, { is: 'again' }],
  [
    'other space keys begin again',
    { settings: { filters: { spaceKeys: named('ENG') } } },
    noon,
    { is: 'again' },
  ],
  [
    'a kind that is off begins again',
    { settings: { indexing: { pageComments: false } } },
    noon,
    { is: 'again' },
  ],
  [
    'another rule begins again',
    { settings: { filters: { labels: named('public') } } },
    noon,
    { is: 'again' },
  ],
  [
    'the same rule in other words goes on',
    {
      scope: { ...readingScope({ filters: { labels: named('a', 'b') } }) },
      settings: { filters: { labels: named('B', 'A', 'a') }, indexing: { pages: true } },
    },
    noon,
    go,
  ],
  ['the same scope in other words goes on', { settings: { scope: { personalSpaces: true } } }, noon, go],
  ['before its first step a run is of no scope', { scope: null, status: 'active' }, noon, go],
  ['a scheduled run waits for its hours', { trigger: 'schedule', settings: nights }, noon, waits],
  ['within its hours it goes on', { trigger: 'schedule', settings: nights }, midnight, go],
  ['who asks by hand asks for now', { trigger: 'manual', settings: nights }, noon, go],
  [
    'paused outside the hours is paused',
    { status: 'paused', trigger: 'schedule', settings: nights },
    noon,
    { is: 'rest', why: 'paused' },
  ],
])('%s', (_name, change, at, expected) => {
  expect(standingOf({ ...facts, ...change }, at)).toMatchObject(expected);
});

test.each<[name: string, change: Partial<SteeringFacts>, standing: object]>([
  ['while content is paused', { status: 'paused' }, go],
  ['at any hour', { trigger: 'schedule', settings: nights }, go],
  ['whatever the scope', { settings: { scope: { archivedSpaces: true } } }, go],
  ['but not with a dead credential', refused, dead],
  ['nor of a disabled connection', { status: 'disabled' }, { is: 'stop' }],
])('permissions are read %s', (_name, change, expected) => {
  expect(standingOf({ ...facts, ...change, kind: 'permissions' }, noon)).toMatchObject(expected);
});

test('a run of a connection that is gone stops', () => {
  expect(standingOf(undefined, noon)).toEqual({ is: 'stop' });
});

test('hours that never change keep nobody from syncing', () => {
  const settings = {
    sync: { strategy: 'scheduled' as const, window: { from: '08:00', to: '08:00', days: [] } },
  };
  expect(standingOf({ ...facts, trigger: 'schedule', settings }, noon)).toEqual(go);
});

test('what was read of other spaces is not gone on with', () => {
  const settings = { scope: { personalSpaces: false } };
  expect(standsInScope({ scope: { ...readingScope(settings) }, settings })).toBe(true);
  expect(standsInScope({ scope: { ...readingScope({}) }, settings })).toBe(false);
  expect(standsInScope({ scope: null, settings })).toBe(true);
});

test('what differs by rules of single records alone lists the same', () => {
  const before = { ...readingScope({ filters: { labels: named('public') } }) };
  expect(listsTheSame(before, readingScope({}))).toBe(true);
  expect(listsTheSame(before, readingScope({ indexing: { mode: 'manual' } }))).toBe(true);
  expect(listsTheSame(before, readingScope({ indexing: { blogposts: false } }))).toBe(false);
  expect(listsTheSame(before, readingScope({ filters: { spaceKeys: named('ENG') } }))).toBe(false);
});

test('what an earlier release noted of a run is understood', () => {
  const scope = { archivedSpaces: false, personalSpaces: true };
  expect(standsInScope({ scope, settings: {} })).toBe(true);
});

test('a dry run goes on by the settings that it began with', () => {
  const changed = { settings: { scope: { archivedSpaces: true } } };
  expect(standingOf({ ...facts, ...changed, kind: 'dry_run' }, noon)).toEqual(go);
  expect(standingOf({ ...facts, ...changed, kind: 'full' }, noon)).toEqual({ is: 'again' });
  expect(standingOf({ ...facts, kind: 'dry_run', status: 'paused' }, noon)).toMatchObject({ is: 'rest' });
});
