import { expect, test } from '@jest/globals';
import { isExtractable } from './extractable.ts';

test.each([
  ['application/pdf', 'a', true],
  ['text/markdown; charset=utf-8', 'a', true],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'a', true],
  ['application/vnd.oasis.opendocument.text', 'a', true],
  ['application/octet-stream', 'Plan.PDF', true],
  [null, 'notes.txt', true],
  ['image/png', 'a.pdf', false],
  ['image/svg+xml', 'a.svg', false],
  ['application/zip', 'a.zip', false],
  ['application/octet-stream', 'a.bin', false],
  ['application/vnd.oasis.opendocument.graphics', 'a.odg', false],
])('%s named %s is worth a download: %s', (mediaType, name, expected) => {
  expect(isExtractable({ mediaType, name })).toBe(expected);
});
