import { expect, test } from '@jest/globals';
import { brakeWords } from './brake-words.ts';

test('the question names its reasons, the most frequent first, and what goes along last', () => {
  expect(
    brakeWords('Legal', { found: 70, total: 75, causes: { container_gone: 40, trashed: 5, not_shown: 25 } }),
  ).toBe(
    '70 of 75 records of "Legal" would be removed: 25 not shown to the connected account any more (its access was taken away, or they were deleted for good), 5 in the trash, 40 comments and attachments of pages and posts that are gone. They are hidden, and nothing of it is removed until you decide: see Removed, under Runs.',
  );
});
