import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { docx, docxOf, pptx, xlsx, xlsxOf } from '../sandbox/world/files/office.ts';
import { odt } from '../sandbox/world/files/open-document.ts';
import { pdf } from '../sandbox/world/files/pdf.ts';
import { rtf } from '../sandbox/world/files/rtf.ts';
import { zipped } from '../sandbox/world/files/zip.ts';
import { createExtractor, type Extractor } from './extractor.ts';
import {
  hugeTable,
  lockedOffice,
  lockedPdf,
  lyingAboutSize,
  manyEntries,
  nestedArchive,
  repeatingDocument,
  withEntities,
} from './hostile.fixture.ts';
import type { Extraction, ExtractionLimits } from './types.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// A fault must be met by its own bound, well before a file's time is over.
const extractor = createExtractor({ limits: { deadlineMs: 60_000 } });

async function read(bytes: Buffer, by: Extractor = extractor, name = 'a.bin'): Promise<Extraction> {
  const path = join(folder, crypto.randomUUID());
  await writeFile(path, bytes);
  return by.extract({ path, name, mediaType: null });
}

const within = (limits: Partial<ExtractionLimits>) => createExtractor({ limits });

/** What shows that nothing came of it: the next file is read as if nothing had been. */
async function stillReads(): Promise<void> {
  expect(await read(docx(['still here']))).toMatchObject({ ok: true, text: 'still here' });
}

const inSheet = (part: string) => xlsxOf('One', `</sheetData></worksheet>${part}`);
const deep = `<w:p>${'<w:r>'.repeat(100_000)}`;

const bombs: [what: string, bytes: () => Buffer, code: string][] = [
  ['a document that unpacks to a thousand times its size', () => repeatingDocument(70_000_000), 'bomb'],
  ['one that declares another size than it has', () => lyingAboutSize(repeatingDocument(20_000_000), 1_000), 'broken'],
  ['800,000 entries', () => manyEntries(800_000), 'bomb'],
  ['archives in archives', () => nestedArchive(), 'unsupported'],
  ['a document with entities of its own', () => withEntities((part) => docxOf(part)), 'bomb'],
  ['a workbook with entities of its own', () => withEntities(inSheet), 'bomb'],
  ['a document of 100,000 elements in one another', () => docxOf(deep), 'bomb'],
]; // prettier-ignore

test.each(bombs)('a bomb ends as a failure of that file alone: %s', async (_what, bytes, code) => {
  expect(await read(bytes())).toMatchObject({ ok: false, code });
  await stillReads();
});

test('a document that unpacks to more than the bound is refused before it is unpacked', async () => {
  const small = within({ unpackedBytes: 1_000_000, ratioFromBytes: Infinity });
  expect(await read(repeatingDocument(2_000_000), small)).toMatchObject({ code: 'bomb' });
});

test('a PDF whose table of objects is huge ends, and the next file is read', async () => {
  for (const size of [10_000_000, 4_294_967_295, 999_999_999_999]) {
    const found = await read(hugeTable(size));
    expect(found.ok || ['broken', 'too_large'].includes(found.code)).toBe(true);
  }
  await stillReads();
});

test('a PDF whose page unpacks to more than a thread may have ends as too large or too slow', async () => {
  const packed = deflateSync(Buffer.alloc(400_000_000, '(a) Tj '), { level: 9 });
  const text = pdf([['one page']]).toString('latin1');
  const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed.toString('latin1')}\nendstream`;
  const bytes = Buffer.from(
    text.replace(/<< \/Length \d+ >>\nstream[^]*?endstream/, () => stream),
    'latin1',
  );
  const small = within({ buffersMb: 128, heapMb: 64, deadlineMs: 8_000 });
  const found = await read(bytes, small);
  expect(found).toMatchObject({ ok: false });
  expect(['too_large', 'took_too_long', 'broken']).toContain(!found.ok && found.code);
  await stillReads();
});

test('what takes more heap than a file may have ends as too large', async () => {
  const strings = Array.from({ length: 400_000 }, (_, n) => `string ${n}`);
  const found = await read(xlsxOf('One', '', strings), within({ heapMb: 24, ratioFromBytes: Infinity }));
  expect(found).toMatchObject({ ok: false, code: 'too_large' });
  await stillReads();
});

test('what takes longer than its time is ended', async () => {
  expect(await read(docx(['a']), within({ deadlineMs: 1 }))).toMatchObject({
    ok: false,
    code: 'took_too_long',
  });
});

const encrypted = zipped({
  mimetype: 'application/vnd.oasis.opendocument.text',
  'META-INF/manifest.xml': '<manifest:manifest><manifest:encryption-data/></manifest:manifest>',
  'content.xml': 'nonsense',
});
const refusals: [what: string, bytes: Buffer, code: string][] = [
  ['an empty file', Buffer.alloc(0), 'empty'],
  ['a file above the limit', Buffer.alloc(3_000_000, 'a'), 'too_large'],
  ['a protected PDF', lockedPdf(), 'encrypted'],
  ['a protected Office file', lockedOffice(), 'encrypted'],
  ['a protected OpenDocument file', encrypted, 'encrypted'],
  ['an Office file of before 2007', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'unsupported'],
  ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'unsupported'],
  ['an archive', zipped({ 'a.txt': 'hello' }), 'unsupported'],
  ['a program', Buffer.from('7f454c460201010000000000', 'hex'), 'unsupported'],
  ['a PDF that ends early', pdf([['one page']]).subarray(0, 60), 'broken'],
  ['a document that ends early', docx(['one page']).subarray(0, 200), 'broken'],
]; // prettier-ignore

test.each(refusals)('%s has no text, and a name for it', async (_what, bytes, code) => {
  expect(await read(bytes, within({ fileBytes: 2_000_000 }))).toMatchObject({ ok: false, code });
});

test('whatever the bytes are, there is a text or a named failure', async () => {
  const whole = [pdf([['a']]), docx(['a']), xlsx('a', [['a']]), pptx([['a']]), odt(['a']), rtf(['a'])];
  const spoiled = fc
    .record({
      of: fc.constantFrom(...whole),
      at: fc.array(fc.record({ where: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.integer({ min: 0, max: 255 }) }), { minLength: 1, maxLength: 20 }),
      keep: fc.double({ min: 0.2, max: 1, noNaN: true }),
    })
    .map(({ of, at, keep }) => {
      const copy = Buffer.from(of);
      for (const { where, byte } of at) copy[Math.floor(where * (copy.length - 1))] = byte;
      return copy.subarray(0, Math.ceil(copy.length * keep));
    }); // prettier-ignore
  const random = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
  const headed = fc
    .tuple(fc.constantFrom('%PDF-1.7\n', 'PK\x03\x04', '{\\rtf1', '<html>', '\ufffe'), random)
    .map(([head, bytes]) => Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(spoiled, random, headed), { minLength: 4, maxLength: 4 }),
      async (files) => {
        for (const found of await Promise.all(files.map((bytes) => read(bytes)))) {
          if (found.ok) expect(typeof found.text).toBe('string');
          else
            expect(found).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\.$/) });
        }
      },
    ),
    { numRuns: 12 },
  );
});
