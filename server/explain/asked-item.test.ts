import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseItem, type AskedItem } from './asked-item.ts';
import { tinyLinkId } from '../../scope/tiny-link.ts';

const publicUrl = 'https://sluice.acme.example';
const site = 'https://Acme.atlassian.net/wiki';
const host = 'acme.atlassian.net';
const parse = (text: string) => parseItem(text, publicUrl);
const page = (id: string): Partial<AskedItem> => ({ spaceKey: 'HR', externalIds: [id] });

test.each<[string, Partial<AskedItem>]>([
  ['/spaces/HR/pages/98/Parental+leave', page('98')],
  ['/spaces/HR/pages/98', page('98')],
  ['/spaces/HR/pages/98/2026+plan', page('98')],
  ['/spaces/HR/pages/edit-v2/98', page('98')],
  ['/spaces/HR/blog/2026/01/31/98/News', page('98')],
  ['/spaces/HR/blog/98', page('98')],
  ['/spaces/HR/folder/98', page('98')],
  ['/spaces/HR/whiteboard/98', page('98')],
  ['/spaces/HR/database/98', page('98')],
  ['/spaces/HR/pages/98/x?focusedCommentId=7', { spaceKey: 'HR', externalIds: ['7'] }],
  ['/spaces/HR/pages/98/x#comment-7', { spaceKey: 'HR', externalIds: ['7'] }],
  ['/spaces/HR/pages/98/x#focusedCommentId=7', { spaceKey: 'HR', externalIds: ['7'] }],
  ['/spaces/HR/pages/98/x?preview=/98/5/a.pdf', { spaceKey: 'HR', externalIds: ['att5'] }],
  ['/spaces/HR/overview', { spaceKey: 'HR' }],
  ['/spaces/HR', { spaceKey: 'HR' }],
  ['/spaces/HR/overview?homepageId=98', { externalIds: ['98'] }],
  ['/pages/viewpage.action?pageId=98', { externalIds: ['98'] }],
  ['/pages/viewpage.action?pageId=98&focusedCommentId=7', { externalIds: ['7'] }],
  ['/pages/viewpage.action?spaceKey=HR&title=Pay+day', { spaceKey: 'HR', title: 'Pay day' }],
  ['/pages/viewpageattachments.action?pageId=98&preview=%2F98%2F5%2Fa.pdf', { externalIds: ['att5'] }],
  ['/display/HR/Pay+day', { spaceKey: 'HR', title: 'Pay day' }],
  ['/display/HR/2026/01/31/Pay+day', { spaceKey: 'HR', title: 'Pay day' }],
  ['/display/~ben', { spaceKey: '~ben' }],
  ['/download/attachments/98/a%20b.pdf?version=1', { containerId: '98', title: 'a b.pdf' }],
  ['/rest/api/content/98', { externalIds: ['98'] }],
  ['/api/v2/pages/98', { externalIds: ['98'] }],
  ['/api/v2/attachments/att5', { externalIds: ['att5'] }],
  ['/x/h9YS', { externalIds: ['1234567'] }],
  ['/spaces/HR/calendars/98', page('98')],
  ['/spaces/HR/pages', {}],
  ['/spaces/HR/pages/%E0%A4%A', {}],
  ['/home', {}],
  ['', {}],
])('an address: %s', (path, item) => {
  expect(parse(`${site}${path}`)).toEqual({ as: 'url', host, ...item });
});

test.each<[string, AskedItem]>([
  [' 98 ', { as: 'id', externalIds: ['98', 'att98'], recordId: '98' }],
  ['att98', { as: 'id', externalIds: ['att98'] }],
  [`${publicUrl}/records/12?user=a@b.c#access`, { as: 'url', recordId: '12' }],
  ['https://elsewhere.example/records/12', { as: 'url', host: 'elsewhere.example' }],
  ['acme.atlassian.net/wiki/spaces/HR/pages/98', { as: 'url', host, spaceKey: 'HR', externalIds: ['98'] }],
  [
    'http://localhost:4000/wiki/spaces/HR/pages/98?__host=acme.atlassian.net',
    { as: 'url', host, spaceKey: 'HR', externalIds: ['98'] },
  ],
  ['http://', { as: 'url' }],
  ['0', { as: 'title', title: '0' }],
  ['9'.repeat(40), { as: 'title', title: '9'.repeat(40) }],
  [' Salary bands ', { as: 'title', title: 'Salary bands' }],
  ['javascript:alert(1)', { as: 'title', title: 'javascript:alert(1)' }],
])('what is typed: %s', (text, item) => {
  expect(parse(text)).toEqual(item);
});

test('a tiny link gives back the id of which it is made', () => {
  const tinyOf = (id: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(id);
    return bytes
      .toString('base64')
      .replaceAll('/', '-')
      .replaceAll('+', '_')
      .replace(/[A=]+$/, '');
  };
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 62n }), (id) => {
      expect(tinyLinkId(tinyOf(id))).toBe(id.toString());
    }),
  );
  for (const none of ['', 'a b', 'AAAA', 'h9YSh9YSh9YS', '../x']) expect(tinyLinkId(none)).toBeNull();
});

test('anything can be asked, and ids are never more than the database holds', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true })),
      (text) => {
        const { externalIds = [], recordId = '1' } = parse(text);
        for (const id of [...externalIds, recordId]) expect(id).toMatch(/^(att)?[1-9]\d{0,17}$/);
      },
    ),
  );
});
