import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSiteUrl } from './site-url.ts';

test.each([
  ['https://acme.atlassian.net', 'https://acme.atlassian.net'],
  ['  https://acme.atlassian.net\n', 'https://acme.atlassian.net'],
  ['HTTPS://Acme-Corp.Atlassian.NET', 'https://acme-corp.atlassian.net'],
  ['https://1.atlassian.net', 'https://1.atlassian.net'],
])('%j is taken as %s', (input, url) => {
  expect(parseSiteUrl(input)).toEqual({ ok: true, url });
});

test.each([
  ['', 'empty'],
  ['   ', 'empty'],
  ['acme', 'no_url'],
  ['acme.atlassian.net', 'no_url'],
  ['https://', 'no_url'],
  ['https://ac me.atlassian.net', 'no_url'],
  ['https://acme\u0000.atlassian.net', 'no_url'],
  ['https:acme.atlassian.net', 'not_https'],
  ['http://acme.atlassian.net', 'not_https'],
  ['ftp://acme.atlassian.net', 'not_https'],
  ['javascript:alert(1)', 'not_https'],
  ['file:///etc/passwd', 'not_https'],
  ['https://user@acme.atlassian.net', 'user'],
  ['https://acme.atlassian.net@evil.example', 'user'],
  ['https://acme.atlassian.net:8443', 'port'],
  ['https://acme.atlassian.net:443', 'port'],
  ['https://acme.atlassian.net/', 'trailing_slash'],
  ['https://acme.atlassian.net/wiki', 'path'],
  ['https://acme.atlassian.net//evil.example', 'path'],
  ['https://acme.atlassian.net\\@evil.example', 'path'],
  ['https://evil.example\\.atlassian.net', 'path'],
  ['https://acme.atlassian.net?x=1', 'query'],
  ['https://acme.atlassian.net/#top', 'query'],
  ['https://acme.atlassian.net.', 'trailing_dot'],
  ['https://127.0.0.1', 'ip_address'],
  ['https://2130706433', 'ip_address'],
  ['https://0x7f.1', 'ip_address'],
  ['https://0177.0.0.1', 'ip_address'],
  ['https://[::1]', 'ip_address'],
  ['https://[::ffff:127.0.0.1]', 'ip_address'],
  ['https://169.254.169.254', 'ip_address'],
  ['https://169.254.169.254:80', 'ip_address'],
  ['https://аcme.atlassian.net', 'not_ascii'], // Cyrillic a
  ['https://xn--cme-7cd.atlassian.net', 'not_ascii'],
  ['https://acme。atlassian。net', 'not_ascii'], // ideographic full stops
  ['https://acme%2eatlassian.net', 'not_ascii'],
  ['https://acme.example', 'not_atlassian'],
  ['https://atlassian.net', 'not_atlassian'],
  ['https://acme.atlassian.net.evil.example', 'not_atlassian'],
  ['https://acmeatlassian.net', 'not_atlassian'],
  ['https://-acme.atlassian.net', 'not_atlassian'],
  ['https://a.b.atlassian.net', 'not_atlassian'],
  ['https://metadata.google.internal', 'not_atlassian'],
  ['https://localhost', 'not_atlassian'],
])('%j is refused as %s', (input, problem) => {
  const result = parseSiteUrl(input);
  expect(result).toMatchObject({ ok: false, problem });
});

test('each kind of violation has a message of its own that tells the remedy', () => {
  const inputs = ['', 'acme', 'http://a.atlassian.net', 'https://u@a.atlassian.net'];
  const messages = inputs.map((input) => {
    const result = parseSiteUrl(input);
    return result.ok ? '' : result.message;
  });
  expect(new Set(messages).size).toBe(inputs.length);
  for (const message of messages) expect(message).toMatch(/Enter|must/);
});

test('what is taken is always exactly a name below atlassian.net, and taking it again changes nothing', () => {
  const pieces = [
    'https://',
    'http://',
    'acme',
    '.atlassian.net',
    '@',
    '/',
    '.',
    ':443',
    '?',
    '#',
    '\\',
    '%',
    'A',
    ' ',
  ];
  const piece = fc.constantFrom(...pieces);
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 7 }), (parts) => {
      const result = parseSiteUrl(parts.join(''));
      if (!result.ok) return;
      expect(result.url).toMatch(/^https:\/\/[a-z0-9-]+\.atlassian\.net$/);
      expect(new URL(result.url).origin).toBe(result.url);
      expect(parseSiteUrl(result.url)).toEqual(result);
    }),
    { numRuns: 2000 },
  );
});
