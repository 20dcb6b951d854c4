import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markWords, marks, segmentsOf, snippetHtml } from './snippet.ts';

test('marks become segments, white space one space', () => {
  const headline = `  see the ${marks.start}zebra${marks.stop}\n\n and\tmore `;
  expect(segmentsOf(headline)).toEqual([
    { text: 'see the ', mark: false },
    { text: 'zebra', mark: true },
    { text: ' and more', mark: false },
  ]);
});

test('words are marked in an excerpt in any case, longest first, as text and not as patterns', () => {
  expect(snippetHtml(segmentsOf(markWords('A.b (C) axb a.B', ['a.b', '(c)'])))).toBe(
    '<mark>A.b</mark> <mark>(C)</mark> axb <mark>a.B</mark>',
  );
  expect(snippetHtml(segmentsOf(markWords('東京都庁', ['京', '京都'])))).toBe('東<mark>京都</mark>庁');
});

test('no text can forge an element or a mark', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'mark', 'script', marks.start, marks.stop, 'a', ' '),
  });
  fc.assert(
    fc.property(hostile, fc.array(hostile, { maxLength: 3 }), (text, words) => {
      const html = snippetHtml(segmentsOf(markWords(text, words)));
      expect(html.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>"'\uE000\uE001]/);
      expect((html.match(/<mark>/g) ?? []).length).toBe((html.match(/<\/mark>/g) ?? []).length);
    }),
  );
  expect(segmentsOf(markWords(`${marks.start}forged${marks.stop}`, []))).toEqual([
    { text: 'forged', mark: false },
  ]);
});
