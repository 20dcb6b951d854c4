import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { takeSlot } from './slot.ts';

test('test runs that go on at once have folders of their own, and a free one is taken again', () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-slots-'));
  const first = takeSlot(root);
  const second = takeSlot(root);
  expect([first.dataDir, second.dataDir]).toEqual([join(root, '0'), join(root, '1')]);
  first.release();
  expect(takeSlot(root).dataDir).toBe(join(root, '0'));
});
