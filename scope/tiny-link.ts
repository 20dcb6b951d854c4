/**
 * The id behind `/x/…`: its bytes, lowest first, in base64 with `-` for `/` and `_` for `+` (the other way round than
 * base64url) and without the `A`s and `=`s at the end.
 *
 * Source: confluence.atlassian.com/confkb "How to programmatically generate the tiny link of a Confluence page"; eight
 * bytes instead of its four, because ids outgrew those in Cloud.
 * @returns null for what is no tiny link
 */
export function tinyLinkId(tiny: string): string | null {
  if (!/^[\w-]{1,11}$/.test(tiny)) return null;
  const base64 = tiny.replaceAll('_', '+').replaceAll('-', '/').padEnd(11, 'A');
  const bytes = Buffer.from(`${base64}=`, 'base64');
  const value = bytes.length === 8 ? bytes.readBigInt64LE() : 0n;
  return value > 0n ? value.toString() : null;
}
