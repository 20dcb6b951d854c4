import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bdi, html, renderDocument, renderFragment, safeUrl } from './html.ts';

test('whatever the text, it makes no markup, in content and in attributes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '/', '`', '=') }), (text) => {
      const markup = renderFragment(html`<p title=${text}>${text}</p>`);
      const inside =
        /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(markup) ?? /^<p title(="")?>([^<]*)<\/p>$/.exec(markup);
      expect(inside).not.toBeNull();
    }),
  );
});

test('a document starts with its doctype', () => {
  expect(renderDocument(html`<html lang="en"></html>`)).toBe('<!doctype html>\n<html lang="en"></html>');
});

test('a title is isolated in its own direction', () => {
  expect(renderFragment(bdi('<דף>'))).toBe('<bdi dir="auto">&lt;דף></bdi>');
});

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '//evil.example/x',
  '/\\evil.example',
  'http://',
])('%j is not followed', (url) => {
  expect(safeUrl(url)).toBeNull();
});

test.each(['https://acme.atlassian.net/wiki/spaces/A', '/records/3', '#top', 'mailto:a@b.example'])(
  '%j may be followed',
  (url) => {
    expect(safeUrl(url)).toBe(url);
  },
);

test('a line break between words is a space, wherever the formatter puts it', () => {
  expect(
    renderFragment(html`
      <p>
        one <b>two</b>
        ${'three'},
        <i>four</i>
      </p>
    `),
  ).toBe('<p> one <b>two</b> three, <i>four</i> </p>');
});
