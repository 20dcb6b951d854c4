import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../imports.ts';
import { content } from './content.ts';
import { mutated } from './copy.ts';
import { effects } from './effects.ts';
import { files } from './files.ts';
import { memory } from './memory.ts';
import { broadTests } from './mutation.ts';
import { rules } from './rules.ts';
import { scope } from './scope.ts';
import { upkeep } from './upkeep.ts';

/** `npm run mutate` takes long; that it still could is told here. */
const all = [...rules, ...memory, ...effects, ...upkeep, ...content, ...files, ...scope];

test.each(all)('there is still a place to make the mistake: $name', (mutation) => {
  const source = readFileSync(join(root, mutation.file), 'utf8');
  expect(mutated(source, mutation)).not.toBe(source);
});

test('there are many mistakes, each told by another name, and the tests that notice them exist', () => {
  expect(all.length).toBeGreaterThanOrEqual(25);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const tests = new Set([...broadTests, ...all.flatMap((mutation) => mutation.tests)]);
  expect([...tests].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe('a mistake', () => {
  const mutation = { name: 'a', file: 'x.ts', search: 'every', replace: '$&some', tests: [] };

  test('is made as it is written', () => {
    expect(mutated('one every two', mutation)).toBe('one $&some two');
  });

  test.each(['none', 'every every'])('is refused where its place is not found exactly once: %s', (source) => {
    expect(() => mutated(source, mutation)).toThrow(/stands [02] times in x\.ts/);
  });
});
