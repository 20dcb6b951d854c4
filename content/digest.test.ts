import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentDigest } from './digest.ts';

test('the digest is the same on every machine', () => {
  expect(contentDigest({ title: 'A', raw: '<p>b</p>', labels: ['x', 'y'] })).toBe('5uF5e-4x_KSNTWGZ976jV5');
});

test('the order and repeats of labels do not count', () => {
  const one = contentDigest({ title: 'A', raw: 'b', labels: ['x', 'y'] });
  expect(contentDigest({ title: 'A', raw: 'b', labels: ['y', 'x', 'y'] })).toBe(one);
});

test('different content has different digests, wherever the border between its parts lies', () => {
  const content = fc.record({
    title: fc.string(),
    raw: fc.string(),
    labels: fc.uniqueArray(fc.string(), { maxLength: 3 }).map((labels) => labels.sort()),
    others: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(content, content, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(contentDigest(one) === contentDigest(other)).toBe(same);
    }),
  );
  expect(contentDigest({ title: 'ab', raw: 'c', labels: [] })).not.toBe(
    contentDigest({ title: 'a', raw: 'bc', labels: [] }),
  );
});
