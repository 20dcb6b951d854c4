import { expect, test } from '@jest/globals';
import { defaultRendering, macroHandling, rulesDigest, withDefaults } from './rendering.ts';
import type { ContentRules } from './types.ts';

const digest = (rules: ContentRules) => rulesDigest(withDefaults(rules));

test('the defaults have no digest, however they are spelled', () => {
  expect(digest({})).toBe('');
  expect(digest({ tables: 'markdown', macros: { default: 'convert', byName: { info: 'convert' } } })).toBe(
    '',
  );
  expect(digest({ attachments: { default: 'skip' }, fields: { a: { from: 'title' } } })).toBe('');
});

test('every choice of rendering has a digest of its own', () => {
  const rules: ContentRules[] = [
    {},
    { tables: 'html' },
    { tables: 'text' },
    { images: 'alt' },
    { macros: { default: 'drop' } },
    { macros: { byName: { info: 'drop' } } },
    { macros: { byName: { note: 'drop' } } },
    { macros: { default: 'drop', byName: { info: 'convert' } } },
  ];
  expect(new Set(rules.map(digest)).size).toBe(rules.length);
});

test('order and case of macros make no difference to the digest', () => {
  const one = digest({ macros: { byName: { info: 'drop', note: 'raw' } } });
  expect(digest({ macros: { byName: { Note: 'raw', INFO: 'drop', tip: 'convert' } } })).toBe(one);
});

test('a digest stays what it is from version to version', () => {
  expect(digest({ tables: 'html', macros: { byName: { info: 'drop' } } })).toMatchInlineSnapshot(
    `"bIY8VkKJqnjxiFAqNzDdBa"`,
  );
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a word', 'drop'],
  ['parts of another shape', { macros: 'drop', tables: 7, images: ['drop'] }],
  [
    'choices of another version',
    { macros: { default: 'later', byName: { info: 'later' } }, tables: 'later' },
  ],
])('stored rules that say %s are the defaults', (_, stored) => {
  const rules = withDefaults(stored as ContentRules);
  expect(rulesDigest(rules)).toBe('');
  expect(rules.tables).toBe(defaultRendering.tables);
  expect(macroHandling(rules, 'info')).toBe('convert');
});
