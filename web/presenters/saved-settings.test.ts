import { expect, test } from '@jest/globals';
import { connection, run } from '../../test/browser/samples.ts';
import { savedMessage } from './saved-settings.ts';

type Options = Parameters<typeof savedMessage>[0];
const told = (saved: Partial<Options['saved']>, more: Partial<Options> = {}) =>
  savedMessage({
    before: connection,
    saved: { ...connection, scopeChanged: true, startedSync: null, ...saved },
    unchecked: [],
    ...more,
  });

test('a started sync is told with the way to it', () => {
  expect(told({ startedSync: run, currentRun: run })).toEqual({
    message: expect.stringContaining('A sync has started'),
    link: { href: `/runs/${run.id}`, label: 'Look at the sync' },
  });
});

test.each<[string, Partial<Options['saved']>, RegExp]>([
  ['a sync of content is under way', { currentRun: { ...run, kind: 'full' } }, /takes it over/],
  [
    'a dry run is under way, which carries nothing out',
    { currentRun: { ...run, kind: 'full', dryRun: true } },
    /first sync after it/,
  ],
  ['only permissions are read', { currentRun: { ...run, kind: 'permissions' } }, /by the next one/],
  ['it is paused', { status: 'paused' }, /after it is resumed/],
  ['it is disabled', { status: 'disabled' }, /after it is enabled/],
  ['the credential is dead', { status: 'needs_reauth' }, /authorized again/],
  ['no sync could start', {}, /by the next one/],
  ['nothing else is wanted', { scopeChanged: false }, /^Saved\.$/],
])('where %s, it is told when the change counts', (_what, saved, words) => {
  expect(told(saved)).toEqual({ message: expect.stringMatching(words) });
});

test('the first time says how to go on, and what was not compared is told whatever happened', () => {
  const first = { ...connection, configuredAt: null };
  expect(told({}, { before: first }).message).toMatch(/set-up is complete/);
  const unchecked = [{ field: 'labels' as const, why: 'Confluence took too long to answer.' }];
  expect(told({ scopeChanged: false }, { unchecked }).message).toBe(
    'Saved. What you entered could not be compared with the site. Confluence took too long to answer. Check keys and IDs yourself.',
  );
});
