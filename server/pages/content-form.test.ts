import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import fc from 'fast-check';
import { fieldSources } from '../../content/rules/fields.ts';
import { mostRules } from '../../content/rules/limits.ts';
import { attachmentHandlings, imageForms, macroHandlings, tableForms } from '../../content/rules/types.ts';
import { InvalidInput } from '../../errors.ts';
import { inputs, type ContentFormValues } from '../../web/screens/connection/content-values.ts';
import { contentSchema, type ContentSettings } from '../content-settings.ts';
import type { ConnectionView } from '../views.ts';
import { contentFrom, postedContent, storedContent } from './content-form.ts';

const connection = (content: ContentSettings) =>
  ({ settings: { content }, settingsVersion: 3 }) as unknown as ConnectionView;

/** What a browser sends of a form. */
function body(values: ContentFormValues): Record<string, string> {
  const { fields, macros, types, ...single } = values;
  const rows = <Row extends Record<string, string>>(
    all: readonly Row[],
    name: (row: number, part: never) => string,
  ) => all.flatMap((row, at) => Object.entries(row).map(([part, value]) => [name(at, part as never), value]));
  return Object.fromEntries([
    ...Object.entries(single),
    ...rows(fields, inputs.field),
    ...rows(macros, inputs.macro),
    ...rows(types, inputs.type),
  ]);
}
const posted = (values: ContentFormValues) => postedContent({ body: body(values) } as Request, []);

const used = [
  { name: 'info', bodies: 9 },
  { name: 'toc', bodies: 2 },
];

const key = (pattern: RegExp) => fc.stringMatching(pattern);
const rules: fc.Arbitrary<ContentSettings> = fc
  .record(
    {
      fields: fc.dictionary(key(/^[a-z][a-z0-9_]{0,9}$/), fc.record({ from: fc.constantFrom(...fieldSources), default: key(/^[a-z]{1,5}$/) }, { requiredKeys: ['from'] }), { maxKeys: mostRules.fields, noNullPrototype: true }),
      macros: fc.record({ default: fc.constantFrom(...macroHandlings), byName: fc.dictionary(key(/^[a-z][a-z0-9-]{0,9}$/), fc.constantFrom(...macroHandlings), { maxKeys: mostRules.macros, noNullPrototype: true }) }, { requiredKeys: [] }),
      tables: fc.constantFrom(...tableForms),
      images: fc.constantFrom(...imageForms),
      attachments: fc.record({ default: fc.constantFrom(...attachmentHandlings), byType: fc.array(fc.record({ types: fc.array(fc.constantFrom('.zip', 'image/*', 'text/html'), { minLength: 1, maxLength: 5 }), handling: fc.constantFrom(...attachmentHandlings) }), { maxLength: mostRules.types }), maxBytes: fc.integer({ min: 1, max: 10_000_000_000 }), larger: fc.constantFrom('link' as const, 'skip' as const) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .map((drawn) => contentSchema.parse(drawn)); // prettier-ignore

/** What the rules say, without what is as always. */
function meaning(content: ContentSettings) {
  const { attachments = {}, macros = {} } = content;
  return {
    fields: content.fields ?? {},
    macros: { default: macros.default ?? 'convert', byName: macros.byName ?? {} },
    tables: content.tables ?? 'markdown',
    images: content.images ?? 'markdown',
    attachments: {
      default: attachments.default ?? 'text',
      byType: attachments.byType ?? [],
      maxBytes: attachments.maxBytes ?? null,
      // Without a limit nothing is larger.
      larger: attachments.maxBytes === undefined ? 'link' : (attachments.larger ?? 'link'),
    },
  };
}

test('any rules come back from their form as they went in, and the form fits in what is read of one', () => {
  fc.assert(
    fc.property(rules, (content) => {
      const form = storedContent(connection(content), used);
      expect(meaning(contentFrom(posted(form)))).toEqual(meaning(content));
      expect(Object.keys(body(form)).length).toBeLessThan(490);
    }),
  );
});

test('the most rules that there may be fit in what is read of a form', () => {
  const many = <Value>(count: number, value: Value) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, value]));
  const content = contentSchema.parse({
    fields: many(mostRules.fields, { from: 'title' }),
    macros: { byName: many(mostRules.macros, 'drop') },
    attachments: {
      byType: Array.from({ length: mostRules.types }, () => ({ types: ['.zip'], handling: 'skip' })),
    },
  });
  const offered = Array.from({ length: 40 }, (_, at) => ({ name: `offered${at}`, bodies: 1 }));
  const form = storedContent(connection(content), offered);
  expect(Object.keys(body(form)).length).toBeLessThan(500);
  expect(meaning(contentFrom(posted(form)))).toEqual(meaning(content));
});

test('what is as always is not written down', () => {
  expect(contentFrom(storedContent(connection({}), used))).toEqual({});
});

test('macros of the content are offered without a rule, and two empty rows follow', () => {
  const { macros } = storedContent(connection({ macros: { byName: { info: 'drop' } } }), used);
  expect(macros).toEqual([
    { name: 'info', handling: 'drop' },
    { name: 'toc', handling: '' },
    { name: '', handling: 'drop' },
    { name: '', handling: 'drop' },
  ]);
});

const empty = storedContent(connection({}), []);
test.each<[string, Partial<ContentFormValues>, string, RegExp]>([
  ['a field twice', { fields: [{ name: 'a', from: 'title', default: '' }, { name: 'a', from: 'space', default: '' }] }, 'field-1-name', /twice/],
  ['a default without a field', { fields: [{ name: '', from: 'title', default: 'x' }] }, 'field-0-name', /name/],
  ['a field of no source', { fields: [{ name: 'a', from: 'weather', default: '' }] }, 'field-0-from', /One of/],
  ['a field with a bad name', { fields: [{ name: '1a', from: 'title', default: '' }] }, 'field-0-name', /letter/],
  ['a macro twice, in other case', { macros: [{ name: 'info', handling: 'raw' }, { name: 'Info', handling: 'drop' }] }, 'macro-1-name', /twice/],
  ['a macro with a bad name', { macros: [{ name: 'toc', handling: '' }, { name: '<x>', handling: 'raw' }] }, 'macro-1-name', /named as/],
  ['a bad type, in its row', { types: [{ types: '', handling: 'skip' }, { types: '.zip, zip', handling: 'skip' }] }, 'type-1-types', /extension/],
  ['a size that is none', { largest: 'much' }, 'largest', /megabytes/],
  ['a size too large', { largest: '10001' }, 'largest', /megabytes/],
  ['a form of tables that is none', { tables: 'pdf' }, 'tables', /One of/],
])('%s is told at its input', (_, change, input, words) => {
  try {
    contentFrom({ ...empty, ...change });
    throw new Error('It was taken.');
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    expect(error.fields).toEqual({ [input]: expect.stringMatching(words) });
  }
}); // prettier-ignore

test('sizes are megabytes, with a point or a comma', () => {
  expect(contentFrom({ ...empty, largest: '0,5' }).attachments?.maxBytes).toBe(500_000);
  expect(contentFrom({ ...empty, largest: '20' }).attachments?.maxBytes).toBe(20_000_000);
});
