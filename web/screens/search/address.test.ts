import { expect, test } from '@jest/globals';
import { isFiltered, modifiedPresets, searchUrl, toggled, unfiltered, type SearchState } from './address.ts';

const plain: SearchState = {
  q: 'leave & pay',
  connection: [],
  space: ['HR'],
  type: [],
  label: [],
  author: [],
  audience: [],
  modifiedAfter: '',
};

test('a view is its URL', () => {
  expect(searchUrl({ ...plain, type: ['page', 'comment'] }, { cursor: 'c' })).toBe(
    '/?q=leave+%26+pay&space=HR&type=page&type=comment&cursor=c',
  );
  expect(searchUrl(unfiltered({ ...plain, q: '' }))).toBe('/');
});

test('a chip adds its value, and takes it away again', () => {
  const added = toggled(plain, 'space', 'ENG');
  expect(added.space).toEqual(['HR', 'ENG']);
  expect(toggled(added, 'space', 'HR').space).toEqual(['ENG']);
});

test('a date alone is a filter, words are not', () => {
  expect(isFiltered(unfiltered(plain))).toBe(false);
  expect(isFiltered({ ...unfiltered(plain), modifiedAfter: '2026-01-01' })).toBe(true);
});

test('presets count back from now', () => {
  expect(modifiedPresets(new Date('2026-03-08T12:00:00Z'))[0]?.value).toBe('2026-03-01');
});
