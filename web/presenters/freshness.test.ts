import { expect, test } from '@jest/globals';
import { minutes, promise } from './freshness.ts';

test.each([
  [0, '1 minute'],
  [60, '1 minute'],
  [61, '2 minutes'],
  [119 * 60, '119 minutes'],
  [120 * 60 + 1, '3 hours'],
  [49 * 3_600, '3 days'],
])('%d seconds are promised as %s, never as less', (seconds, expected) => {
  expect(minutes(seconds)).toBe(expected);
});

test('what is not known yet is not promised', () => {
  expect(promise({ promisedSeconds: null })).not.toMatch(/within/);
  expect(promise({ promisedSeconds: 1_080 })).toBe('Changes in Atlassian take effect here within 18 minutes');
});
