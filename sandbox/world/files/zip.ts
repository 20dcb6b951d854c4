import { strToU8, zipSync } from 'fflate';

/** A ZIP container of entries, in their order; `stored` ones are not compressed. The same entries, the same bytes. */
export function zipped(entries: Record<string, string | Uint8Array>, stored: readonly string[] = []): Buffer {
  const files = Object.entries(entries).map(([name, content]) => [
    name,
    [typeof content === 'string' ? strToU8(content) : content, { level: stored.includes(name) ? 0 : 6 }],
  ]);
  return Buffer.from(zipSync(Object.fromEntries(files), { mtime: new Date('2026-01-01T00:00:00Z') }));
}

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
