import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePastedList, type ListKind } from './pasted-list.ts';

const host = 'acme.atlassian.net';
const site = `https://${host}/wiki`;
const parse = (kind: ListKind, text: string) => parsePastedList(kind, text, host);

test.each<[ListKind, string, string[]]>([
  ['spaceKeys', 'DOCS, ENG;HR\tOPS  ~712020abc', ['DOCS', 'ENG', 'HR', 'OPS', '~712020abc']],
  ['spaceKeys', '"DOCS","docs"', ['DOCS', 'docs']],
  ['spaceKeys', '- DOCS\n* ENG\n•HR\n1. OPS\n12) QA\n\n', ['DOCS', 'ENG', 'HR', 'OPS', 'QA']],
  ['spaceKeys', '\uFEFFDOCS\u200B\r\nDOCS\u2028ENG', ['DOCS', 'ENG']],
  ['spaceKeys', `${site}/spaces/DOCS/overview, ${site}/spaces/~ben/pages/98/Title`, ['DOCS', '~ben']],
  ['spaceKeys', `${site}/spaces/DOCS,${site}/spaces/ENG/,HR`, ['DOCS', 'ENG', 'HR']],
  ['spaceKeys', `${site}/display/ENG/Pay+day\n/wiki/spaces/QA/pages`, ['ENG', 'QA']],
  ['spaceKeys', `${site}/spaces/viewspacesummary.action?key=OPS`, ['OPS']],
  ['spaceKeys', `${host}/wiki/spaces/DOCS`, ['DOCS']],
  ['pageIds', '65551 65552,65553;65551', ['65551', '65552', '65553']],
  ['pageIds', `[65551, 65552] ("65553")`, ['65551', '65552', '65553']],
  ['pageIds', `${site}/spaces/HR/pages/98/Leave%2C+2026`, ['98']],
  ['pageIds', `${site}/spaces/HR/pages/98/Leave,2026+plan`, ['98']],
  ['pageIds', `${site}/spaces/HR/pages/98,${site}/spaces/HR/pages/99/x,100`, ['98', '99', '100']],
  ['pageIds', `${site}/spaces/HR/pages/98,100`, ['98', '100']],
  ['pageIds', `${site}/pages/viewpage.action?pageId=98; ${site}/x/h9YS`, ['98', '1234567']],
  ['pageIds', `<${site}/spaces/HR/pages/edit-v2/98>.`, ['98']],
  ['pageIds', `(${site}/spaces/HR/folder/98)`, ['98']],
  ['pageIds', `HTTPS://ACME.atlassian.net/wiki/spaces/HR/database/98?x=1#y`, ['98']],
  ['pageIds', 'id: 98 #99', ['98', '99']],
  ['blogpostIds', `${site}/spaces/HR/blog/2026/01/31/98/News\n99`, ['98', '99']],
  ['labels', '#Policy, global:draft "ai-ingest"', ['policy', 'draft', 'ai-ingest']],
  ['labels', `${site}/label/HR/pay-day`, ['pay-day']],
  ['labels', `l'équipe, 'a','b'; \`c\` ‘d’`, ["l'équipe", 'a', 'b', 'c', 'd']],
  ['labels', '\u200F"می\u200Cخواهم"\u200B 👩\u200D🚀 x\u200Dy\u200C', ['می\u200Cخواهم', '👩\u200D🚀', 'xy']],
  ['authors', '557058:295406f3-a1fc-4733-b906-dd15d021bd79', ['557058:295406f3-a1fc-4733-b906-dd15d021bd79']],
  ['authors', `${site}/people/557058%3Aabc?ref=x`, ['557058:abc']],
  ['authors', 'https://team.atlassian.com/people/5b10a2844c20165700ede21g', ['5b10a2844c20165700ede21g']],
  ['pageIds', ' \n ,; "" ', []],
])('%s from %j', (kind, text, values) => {
  const { values: found, faults } = parse(kind, text);
  expect(found).toEqual(values);
  if (!text.startsWith('id:')) expect(faults).toEqual([]);
});

test.each<[ListKind, string, RegExp]>([
  ['pageIds', 'Parental', /not an id/i],
  ['pageIds', '0', /not an id/i],
  ['pageIds', 'https://other.atlassian.net/wiki/spaces/HR/pages/98', /another site, other\.atlassian\.net/],
  ['pageIds', `${site}/spaces/HR/blog/2026/01/31/98/News`, /under Blog posts/],
  ['pageIds', `${site}/spaces/HR/overview`, /under Spaces/],
  ['pageIds', `${site}/display/HR/Pay+day`, /without an id/],
  ['pageIds', 'https://', /can be read|another site/],
  ['blogpostIds', `${site}/spaces/HR/pages/98/x`, /under Pages/],
  ['spaceKeys', 'R&D', /Not a space key/],
  ['spaceKeys', 'https://other.atlassian.net/wiki/spaces/HR', /another site/],
  ['spaceKeys', `${site}/x/h9YS`, /without a space/],
  ['labels', 'a:b', /Not a label/],
  ['authors', 'ada@acme.example', /email/],
  ['authors', 'https://evil.example/people/557058:abc', /another site/],
])('what %s cannot make out of %s is named with the reason', (kind, text, why) => {
  const { values, faults } = parse(kind, text);
  expect(values).toEqual([]);
  expect(faults).toEqual([{ value: text, why: expect.stringMatching(why) }]);
});

test('any formatting of a list of ids gives these ids', () => {
  const tinyOf = (id: string) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(id));
    return bytes
      .toString('base64')
      .replaceAll('/', '-')
      .replaceAll('+', '_')
      .replace(/[A=]+$/, '');
  };
  const written = fc.constantFrom<(id: string) => string>(
    (id) => id,
    (id) => `"${id}"`,
    (id) => `'${id}'`,
    (id) => `(${id})`,
    (id) => `\u200B${id}\uFEFF`,
    (id) => `${site}/spaces/HR/pages/${id}/2026+plan`,
    (id) => `${site}/spaces/HR/pages/${id}`,
    (id) => `<${site}/spaces/~ben/pages/edit-v2/${id}?draftShareId=1>`,
    (id) => `${site}/pages/viewpage.action?pageId=${id}`,
    (id) => `${site}/spaces/HR/folder/${id}`,
    (id) => `${site}/x/${tinyOf(id)}`,
    (id) => `/wiki/spaces/HR/pages/${id}/x`,
  );
  const between = fc.constantFrom(
    '\n',
    '\r\n',
    ' ',
    ', ',
    ';\n',
    '\t',
    ' ,\n\n',
    '\n- ',
    '\n1. ',
    '\u2028• ',
    '\u00a0',
  );
  const entry = fc.record({
    id: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String),
    written,
    between,
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
      const text = entries.map(({ id, written: write, between: gap }) => write(id) + gap).join('');
      expect(parse('pageIds', text)).toEqual({
        values: [...new Set(entries.map(({ id }) => id))],
        faults: [],
      });
    }),
  );
});

test('keys separated by anything but letters are found whatever their number, and what is entered is never lost', () => {
  const key = fc.stringMatching(/^~?[A-Za-z][A-Za-z0-9]{0,20}$/);
  const between = fc.constantFrom(',', ';', '\n', ' ', '\t', ', ', '\n\n');
  fc.assert(
    fc.property(fc.array(key, { maxLength: 30 }), between, (keys, gap) => {
      expect(parse('spaceKeys', keys.join(gap))).toEqual({ values: [...new Set(keys)], faults: [] });
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom<ListKind>('spaceKeys', 'pageIds', 'labels', 'authors'),
      fc.string(),
      (kind, text) => {
        const { values, faults } = parse(kind, text);
        const words = /[\p{L}\p{N}]/u.test(text);
        if (words) expect(values.length + faults.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('long and hostile texts are read in one pass', () => {
  const long = 200_000;
  const ids = Array.from({ length: 5_000 }, (_, index) => `${site}/spaces/HR/pages/${index + 1}`);
  expect(parse('pageIds', ids.join(',')).values).toHaveLength(5_000);
  for (const text of [
    `https://${'1'.repeat(long)}`,
    `https://x/1${','.repeat(long)}x`,
    `https://${','.repeat(long)}`,
    `https://x${')'.repeat(long)}x`,
    '-'.repeat(long),
    '"'.repeat(long),
    `${site}/spaces/${'a/'.repeat(long)}`,
  ]) {
    expect(parse('pageIds', text).values.length).toBeLessThan(2);
  }
});
