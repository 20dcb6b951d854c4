import { expect, test } from '@jest/globals';
import { explain } from './cluster.ts';

test.each([
  ['could not write to file "pg_wal/xlogtemp.1": No space left on device', /disk is full/],
  ['could not create directory: Read-only file system', /read-only: set DATA_DIR/],
  ['postgres: error while loading shared libraries: libicuuc.so.60', /set DATABASE_URL/],
  ['could not open file: Permission denied', /check their owner/],
])('%s is put in words, and kept', (output, words) => {
  expect(explain(output)).toMatch(words);
  expect(explain(output)).toContain(output);
});
