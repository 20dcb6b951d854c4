/**
 * What takes secrets out of texts that are kept or shown: messages, addresses, titles of what failed. It knows secrets by
 * their form, so it is the last line of defence: whoever has a secret in hand must not write it down in the first place.
 */

const gone = '[redacted]';

/** Names whose values are secrets, in queries of addresses, in JSON and in forms. */
const secretNames =
  'access_?token|refresh_?token|id_?token|client_?secret|api_?token|api_?key|password|passwd|secret|token|code_verifier|code|signature|sig|jwt|sessionid|session_?token';

const rules: [pattern: RegExp, replacement: string][] = [
  // Authorization headers, wherever they are quoted.
  [/\b(bearer|jwt)(\s+|%20)(?!\[redacted\])[\w.~+/=-]{8,}/gi, `$1$2${gone}`],
  // A word is no Base64: "Basic authentication" stays.
  [/\b([Bb]asic)(\s+|%20)(?=[\w+/]*[A-Z0-9+/])[\w+/]{8,}={0,2}/g, `$1$2${gone}`],
  // Atlassian's API tokens, OAuth secrets and admin keys (ATATT3x…, ATOA…, ATCTT3x…).
  [/(?<![A-Za-z0-9])AT(?:ATT|BB|CTT|STT|OA)[\w=-]{8,}/g, gone],
  // JSON Web Tokens: Atlassian's access and refresh tokens.
  [/(?<![A-Za-z0-9])eyJ[\w-]{5,}(?:\.[\w-]+){1,4}/g, gone],
  // Sluice's own keys, and the secrets that its webhooks are signed with.
  [/(?<![A-Za-z0-9])(?:slc|whsec)_[\w-]{8,}/g, gone],
  // A name and a password before the host.
  [/(:\/\/)[^\s/@"'<>]*:[^\s/@"'<>]*@/g, `$1${gone}@`],
  // `name=value`, and `"name": "value"`, also where the JSON stands in a string of JSON.
  [new RegExp(`(?<![A-Za-z0-9])(${secretNames})=(?!\\[redacted\\])[^&\\s"'<>\\\\]+`, 'gi'), `$1=${gone}`],
  [
    new RegExp(`(\\\\*["'])(${secretNames})(\\\\*["']\\s*:\\s*\\\\*["'])(?!\\[redacted\\])[^"'\\\\]+`, 'gi'),
    `$1$2$3${gone}`,
  ],
  // People in a query: `?user=ada@example.org`, also with the sign escaped.
  [/([?&][\w.%[\]-]+=)(?!\[redacted\])[^&#\s"'<>]*(?:@|%40)[^&#\s"'<>]*/gi, `$1${gone}`],
];

/** The text without what looks like a secret; redacting twice is redacting once. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of rules) clean = clean.replaceAll(pattern, replacement);
  return clean;
}
