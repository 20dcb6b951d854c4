import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rulesDigest, withDefaults } from '../rules/rendering.ts';
import { imageForms, macroHandlings, tableForms, type ContentRules } from '../rules/types.ts';
import { convertStorage } from './convert.ts';
import { CONTEXT, converted } from './test-context.ts';
import { mangledBodies, storageBodies } from './test-trees.ts';
import { brokenStructure, firstLost, unescaped, unsafeLink, wordsOf } from './test-words.ts';

test('any string converts, into text that PostgreSQL can store', () => {
  const strings = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('<', '>', 'a', '/', '&', ';', '"', ' ', '!', '[', ']', '-', 'CDATA', 'ac:link', '\0', '\udc00', '=') }));
  fc.assert(
    fc.property(strings, (body) => {
      const { markdown, text } = convertStorage(body, CONTEXT);
      for (const output of [markdown, text]) {
        expect(output.isWellFormed()).toBe(true);
        expect(output).not.toContain('\0');
      }
    }),
    { numRuns: 1_000 },
  );
}); // prettier-ignore

test('no word of a generated page is lost, in either form', () => {
  fc.assert(
    fc.property(storageBodies, (body) => {
      const { markdown, text } = converted(body);
      const words = wordsOf(body);
      expect(firstLost(words, text)).toBeNull();
      const readable = unescaped(markdown);
      expect(words.filter((word) => !readable.includes(word) && !markdown.includes(word))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('the Markdown of a generated page is sound and links to nothing unsafe', () => {
  fc.assert(
    fc.property(storageBodies, (body) => {
      const { markdown } = converted(body);
      expect(brokenStructure(markdown)).toBeNull();
      expect(unsafeLink(markdown)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('broken pages convert, and link to nothing unsafe', () => {
  fc.assert(
    fc.property(mangledBodies, (body) => {
      const { markdown, text } = converted(body);
      expect(unsafeLink(markdown)).toBeNull();
      expect(markdown.isWellFormed() && text.isWellFormed()).toBe(true);
      expect(brokenStructure(markdown)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('words alone come out as they went in, and again', () => {
  const word = fc
    .string({ unit: 'grapheme-ascii', minLength: 1 })
    .map((words) => words.trim().replace(/\s+/g, ' '));
  const lines = fc.array(word.filter((words) => words !== ''), { minLength: 1, maxLength: 5 }); // prettier-ignore
  const body = (text: string) =>
    text
      .split('\n')
      .map((line) => `<p>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`)
      .join('');
  fc.assert(
    fc.property(lines, (written) => {
      const { markdown, text } = converted(body(written.join('\n')));
      expect(text).toBe(written.join('\n'));
      expect(converted(body(text)).text).toBe(text);
      expect(unescaped(markdown)).toBe(written.join('\n\n'));
    }),
    { numRuns: 500 },
  );
});

test('the conversion has no memory', () => {
  fc.assert(
    fc.property(storageBodies, mangledBodies, (body, other) => {
      const before = convertStorage(body, CONTEXT);
      convertStorage(other, CONTEXT);
      expect(convertStorage(body, CONTEXT)).toEqual(before);
    }),
    { numRuns: 100 },
  );
});

const rules: fc.Arbitrary<ContentRules> = fc.record({
  macros: fc.record({
    default: fc.constantFrom(...macroHandlings),
    byName: fc.dictionary(
      fc.constantFrom('code', 'info', 'vendor', 'section', 'constructor'),
      fc.constantFrom(...macroHandlings),
    ),
  }),
  tables: fc.constantFrom(...tableForms),
  images: fc.constantFrom(...imageForms),
});
const by = (chosen: ContentRules) => ({ ...CONTEXT, rules: withDefaults(chosen) });

test('by any rules, any page becomes sound Markdown that links to nothing unsafe', () => {
  fc.assert(
    fc.property(fc.oneof(storageBodies, mangledBodies), rules, (body, chosen) => {
      const { markdown, text } = converted(body, by(chosen));
      expect(unsafeLink(markdown)).toBeNull();
      expect(markdown.isWellFormed() && text.isWellFormed()).toBe(true);
      expect(brokenStructure(markdown)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('by rules that drop nothing and keep no source, no word is lost', () => {
  const keeping = rules.map(({ tables }): ContentRules => ({
    ...(tables && { tables }),
    macros: { default: 'text', byName: { section: 'convert' } },
  }));
  fc.assert(
    fc.property(storageBodies, keeping, (body, chosen) => {
      expect(firstLost(wordsOf(body), converted(body, by(chosen)).text)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('rules of equal digests render every page alike', () => {
  fc.assert(
    fc.property(storageBodies, rules, rules, (body, one, other) => {
      const [first, second] = [by(one), by(other)];
      if (rulesDigest(first.rules) !== rulesDigest(second.rules)) return;
      expect(converted(body, first)).toEqual(converted(body, second));
    }),
    { numRuns: 1_000 },
  );
});

test('the default rules change nothing, however they are spelled', () => {
  const spelled: ContentRules[] = [
    {},
    { tables: 'markdown', images: 'markdown', macros: { default: 'convert', byName: { info: 'convert' } } },
  ];
  fc.assert(
    fc.property(fc.oneof(storageBodies, mangledBodies), fc.constantFrom(...spelled), (body, chosen) => {
      expect(converted(body, by(chosen))).toEqual(converted(body, CONTEXT));
    }),
  );
});
