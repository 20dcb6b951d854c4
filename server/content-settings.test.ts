import { expect, test } from '@jest/globals';
import { attachmentHandling } from '../content/rules/attachments.ts';
import { macroHandling, withDefaults } from '../content/rules/rendering.ts';
import { contentSchema } from './content-settings.ts';

test('whole rules are taken as they are, names and types in lower case', () => {
  const rules = contentSchema.parse({
    fields: { owner: { from: 'creator', default: 'nobody' }, Größe: { from: 'version' } },
    macros: { default: 'text', byName: { ' Info ': 'drop', 'vendor:box': 'raw' } },
    tables: 'html',
    images: 'alt',
    attachments: {
      default: 'link',
      byType: [{ types: [' .ZIP', 'Image/*', 'application/vnd.ms-excel'], handling: 'skip' }],
      maxBytes: 1_000,
      larger: 'skip',
    },
  });
  expect(macroHandling(withDefaults(rules), 'info')).toBe('drop');
  expect(macroHandling(withDefaults(rules), 'vendor:box')).toBe('raw');
  const zip = { mediaType: null, title: 'a.zip', fileSize: 1 };
  expect(attachmentHandling(rules, zip)).toBe('skip');
});

test('nothing has to be said', () => {
  expect(contentSchema.parse({})).toEqual({});
});

test.each<[string, unknown, string, RegExp]>([
  ['a form of tables', { tables: 'pdf' }, 'tables', /"markdown", "html" or "text"/],
  ['a form of images', { images: 1 }, 'images', /"markdown", "name", "alt", "link" or "drop"/],
  ['a handling of macros', { macros: { default: 'hide' } }, 'macros.default', /"convert", "raw", "text" or "drop"/],
  ['a name of a macro', { macros: { byName: { '<b>': 'drop' } } }, 'macros.byName.<b>', /named as in the page/],
  ['a handling of one macro', { macros: { byName: { info: 'hide' } } }, 'macros.byName.info', /One of/],
  ['too many macros', { macros: { byName: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`m${at}`, 'drop'])) } }, 'macros.byName', /At most 100/],
  ['a name of a field', { fields: { '1st': { from: 'title' } } }, 'fields.1st', /letter/],
  ['a source of a field', { fields: { a: { from: 'weather' } } }, 'fields.a.from', /"title", "creator"/],
  ['a long default', { fields: { a: { from: 'title', default: 'x'.repeat(501) } } }, 'fields.a.default', /500/],
  ['a kind of file', { attachments: { byType: [{ types: ['zip'], handling: 'skip' }] } }, 'attachments.byType.0.types.0', /\.zip/],
  ['no kind of file', { attachments: { byType: [{ types: [], handling: 'skip' }] } }, 'attachments.byType.0.types', /At least one/],
  ['a size', { attachments: { maxBytes: 0 } }, 'attachments.maxBytes', /At least 1/],
  ['what larger files are', { attachments: { larger: 'text' } }, 'attachments.larger', /Either/],
])('%s that is none is told by its field and in words', (_, input, field, words) => {
  const { issues = [] } = contentSchema.safeParse(input).error ?? {};
  expect(issues.map(({ path }) => path.join('.'))).toEqual([field]);
  expect(issues[0]?.message).toMatch(words);
}); // prettier-ignore

test('a rule that nobody knows is refused by its name', () => {
  const { issues = [] } = contentSchema.safeParse({ table: 'html' }).error ?? {};
  expect(issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['table'] });
});
