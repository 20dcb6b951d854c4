import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { docx, docxOf, pptx, xlsx, xlsxOf } from '../sandbox/world/files/office.ts';
import { odp, ods, odt } from '../sandbox/world/files/open-document.ts';
import { pdf } from '../sandbox/world/files/pdf.ts';
import { rtf } from '../sandbox/world/files/rtf.ts';
import { createExtractor } from './extractor.ts';
import type { Extraction } from './types.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extraction-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const extractor = createExtractor();

async function read(
  name: string,
  bytes: Buffer | string,
  mediaType: string | null = null,
): Promise<Extraction> {
  const path = join(folder, crypto.randomUUID());
  await writeFile(path, bytes);
  return extractor.extract({ path, name, mediaType });
}

const page =
  '<!doctype html><html><head><title>Höhe</title><style>p { color: red }</style></head><body><p>First &amp; <b>last</b></p><script>let hidden</script><table><tr><td>a</td><td>b</td></tr></table></body></html>';

const files: [what: string, name: string, bytes: Buffer, kind: string, text: string][] = [
  ['a PDF', 'a.pdf', pdf([['Engine room', 'at (night)'], ['Second page']]), 'pdf', 'Engine room\nat (night)\n\nSecond page'],
  ['a Word document', 'a.docx', docx(['Überholung', 'Ölwechsel & <Filter>']), 'docx', 'Überholung\nÖlwechsel & <Filter>'],
  ['a workbook', 'a.xlsx', xlsx('Costs', [['Part', 'Price', 'When'], ['Rotor', 12.5, new Date('2026-11-13')]]), 'xlsx', 'Costs\nPart\tPrice\tWhen\nRotor\t12.5\t2026-11-13'],
  ['a presentation', 'a.pptx', pptx([['Launch', 'in May'], ['Thanks']]), 'pptx', 'Launch\nin May\n\nThanks'],
  ['an OpenDocument text', 'a.odt', odt(['Ein Satz', 'noch einer']), 'odt', 'Ein Satz\nnoch einer'],
  ['an OpenDocument sheet', 'a.ods', ods('One', [['a', 'b'], ['c', 'd']]), 'ods', 'a \tb\nc \td'],
  ['an OpenDocument presentation', 'a.odp', odp([['Launch'], ['Thanks']]), 'odp', 'Launch\nThanks'],
  ['rich text', 'a.rtf', rtf(['Grüße — 東京', 'a {brace}']), 'rtf', 'Grüße — 東京\na {brace}'],
  ['HTML', 'a.html', Buffer.from(page), 'html', 'Höhe\nFirst & last\na\tb'],
  ['Markdown', 'a.md', Buffer.from('# Head\r\n\r\n* one'), 'markdown', '# Head\n\n* one'],
  ['CSV', 'a.csv', Buffer.from('name,price\nrotor,12'), 'csv', 'name,price\nrotor,12'],
  ['plain text', 'a.txt', Buffer.from('hello, file'), 'text', 'hello, file'],
  ['text in UTF-16', 'a.txt', Buffer.from('\uFEFFhällo', 'utf16le'), 'text', 'hällo'],
  ['text in Windows-1252', 'a.txt', Buffer.from([0x66, 0xfc, 0x72, 0x20, 0x80]), 'text', 'für €'],
]; // prettier-ignore

test.each(files)('%s is read', async (_what, name, bytes, kind, text) => {
  const whole = { ok: true, kind, truncated: false, warnings: [] };
  const found = await read(name, bytes);
  expect({ ...found, text: undefined }).toEqual({ ...whole, text: undefined });
  expect(found).toHaveProperty('text', text);
});

test('what a file is, its content tells, and not its name', async () => {
  expect(await read('holiday.png', docx(['a letter']), 'image/png')).toMatchObject({ kind: 'docx' });
  expect(await read('letter.docx', pdf([['a page']]))).toMatchObject({ kind: 'pdf' });
});

test('tracked deletions, field codes and properties are no text of a document', async () => {
  const body =
    '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:del><w:r><w:delText>secret</w:delText></w:r></w:del><w:r><w:instrText>HYPERLINK</w:instrText><w:t>kept</w:t><w:tab/><w:t>here</w:t></w:r></w:p>';
  const table =
    '<w:tbl><w:tr><w:tc><w:p><w:r><w:t>one</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>';
  expect(await read('a.docx', docxOf(body + table))).toMatchObject({ text: 'kept here\none \ttwo' });
});

test('a cell at the far end of a sheet costs no more than another', async () => {
  const far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far away</t></is></c></row>';
  expect(await read('a.xlsx', xlsxOf('One', far))).toMatchObject({ text: 'One\nfar away' });
});

test('text beyond the bound is cut, and the cut is told', async () => {
  const short = createExtractor({ limits: { characters: 1_000 } });
  const path = join(folder, 'long.txt');
  await writeFile(path, 'word '.repeat(10_000));
  const found = await short.extract({ path, name: 'long.txt', mediaType: 'text/plain' });
  expect(found).toMatchObject({ ok: true, truncated: true });
  expect(found.ok && found.text.length).toBeLessThanOrEqual(1_000);
});

test('a long file of letters that take several bytes is cut between two of them', async () => {
  const short = createExtractor({ limits: { characters: 1_000 } });
  const path = join(folder, 'umlauts.txt');
  for (const start of ['', 'a', 'ab', 'abc']) {
    await writeFile(path, start + 'ä東😀'.repeat(5_000));
    const found = await short.extract({ path, name: 'umlauts.txt', mediaType: null });
    expect(found.ok && found.text).toMatch(/^[abcä東😀]*$/u);
    expect(found).toMatchObject({ truncated: true });
  }
});

test('whoever stops waiting gets the reason, and the file is let go', async () => {
  const path = join(folder, 'stopped.txt');
  await writeFile(path, 'hello');
  const stop = new AbortController();
  const reading = extractor.extract({ path, name: 'stopped.txt', mediaType: null }, stop.signal);
  stop.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
});
