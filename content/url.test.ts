import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pageUrl, safeUrl, spaceUrl, webBase, webUrl } from './url.ts';

test.each([
  ['https://acme.atlassian.net', 'https://acme.atlassian.net/wiki'],
  ['https://acme.atlassian.net/', 'https://acme.atlassian.net/wiki'],
  ['https://acme.atlassian.net/wiki', 'https://acme.atlassian.net/wiki'],
  [' https://ACME.atlassian.net/wiki/?a#b ', 'https://acme.atlassian.net/wiki'],
  ['https://acme.atlassian.net/wiki/wiki', 'https://acme.atlassian.net/wiki'],
  ['http://localhost:3000', 'http://localhost:3000/wiki'],
  ['javascript:alert(1)', ''],
  ['', ''],
])('the base of %s', (site, base) => {
  expect(webBase(site)).toBe(base);
});

test.each([
  ['/spaces/ENG/pages/1/A', 'https://a.b/wiki/spaces/ENG/pages/1/A'],
  ['/wiki/spaces/ENG', 'https://a.b/wiki/spaces/ENG'],
  ['spaces/ENG', 'https://a.b/wiki/spaces/ENG'],
  ['/wiki', 'https://a.b/wiki'],
  ['', 'https://a.b/wiki'],
  ['/wikipedia/x', 'https://a.b/wiki/wikipedia/x'],
  ['?pageId=1', 'https://a.b/wiki?pageId=1'],
  ['https://c.d/x', 'https://c.d/x'],
])('the address of %s', (webui, url) => {
  expect(webUrl('https://a.b', webui)).toBe(url);
  expect(webUrl('https://a.b/wiki/', webui)).toBe(url);
});

test('an unknown site has no addresses', () => {
  expect([webUrl('', '/x'), pageUrl('', 'A', 'b'), spaceUrl('', 'A')]).toEqual(['', '', '']);
});

test('every path lands below /wiki once', () => {
  const segment = fc.stringMatching(/^[a-z0-9]{1,8}$/).filter((name) => name !== 'wiki');
  fc.assert(
    fc.property(fc.array(segment), fc.boolean(), fc.boolean(), (segments, prefixed, based) => {
      const path = `${prefixed ? '/wiki' : ''}/${segments.join('/')}`;
      const url = webUrl(`https://a.b${based ? '/wiki' : ''}`, path);
      expect(url).toMatch(/^https:\/\/a\.b\/wiki(?!\/wiki)/);
      expect(url.endsWith(segments.join('/'))).toBe(true);
    }),
  );
});

test('a safe target has a harmless scheme or none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'javascript:', 'data:', 'x:', '//', '/'),
      (tail, head) => {
        const url = safeUrl(head + tail, 'https://a.b/wiki');
        if (url !== null) expect(url).toMatch(/^(?:#|(?:https?|mailto|tel|ftp|sftp):)/i);
      },
    ),
  );
});
