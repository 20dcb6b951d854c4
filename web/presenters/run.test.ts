import { expect, test } from '@jest/globals';
import type { ProgressView } from '../../server/views.ts';
import { runLength, runSentence, runState, stageName } from './run.ts';

const counts = { seen: 1_200, indexed: 900, unchanged: 300, filtered: 0, failed: 0, deleted: 0 };
const progress: ProgressView = {
  id: 'r',
  connectionId: 'c',
  kind: 'full',
  dryRun: false,
  trigger: 'manual',
  state: 'running',
  cause: null,
  message: null,
  counts,
  requests: 3,
  points: 900,
  waitingUntil: null,
  heartbeatAt: null,
  changes: {},
  durationSeconds: null,
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:00.000Z',
  finishedAt: null,
  stages: [],
  rate: 10,
  remainingSeconds: 75,
  failures: [],
};

test('a running sync is told in one sentence with what is left', () => {
  expect(runSentence(progress)).toBe(
    'Full sync: running. 1,200 items seen, 900 indexed. About 1 min 15 s left.',
  );
});

test('a sync of permissions tells what changed', () => {
  const counted = { ...counts, indexed: 2 };
  const ended = { ...progress, kind: 'permissions' as const, state: 'succeeded' as const, counts: counted };
  expect(runSentence(ended)).toBe('Permission sync: succeeded. 1,200 items seen, 2 changed.');
});

test('an ended one tells of its failures and not of time', () => {
  const ended = { ...progress, state: 'succeeded' as const, counts: { ...counts, failed: 2 } };
  expect(runState(ended)).toMatchObject({ word: 'Succeeded with failures', tone: 'warning' });
  expect(runSentence(ended)).toBe(
    'Full sync: succeeded with failures. 1,200 items seen, 900 indexed, 2 failed.',
  );
});

test('how long it takes is told up to now, or to its end', () => {
  const now = new Date('2026-03-01T10:02:00Z');
  expect(runLength(progress, now)).toBe('2 min');
  expect(runLength({ ...progress, finishedAt: '2026-03-01T10:00:40.000Z' }, now)).toBe('40 s');
  expect(runLength({ startedAt: null, finishedAt: null }, now)).toBeNull();
});

test.each([
  ['spaces', 'Spaces'],
  ['footer_comments', 'Footer comments'],
  ['accessLayers', 'Access layers'],
])('the stage %s is called "%s"', (stage, words) => {
  expect(stageName(stage)).toBe(words);
});
