import { readFile, stat } from 'node:fs/promises';
import { looksBinary } from './decode.ts';
import { readPlain } from './readers/plain.ts';
import type { Source } from './readers/source.ts';
import { Refused } from './refused.ts';
import { createTextSink } from './text-sink.ts';
import type { ExtractedText, ExtractionLimits, FileKind, FileToRead } from './types.ts';

/**
 * Reads one file's text, whatever it claims to be: its content tells. Only ever called in a thread of its own
 * (thread.mjs): what parsers do with a hostile file ends there.
 * @throws Refused; whatever a parser throws
 */
export async function readFileText(file: FileToRead, limits: ExtractionLimits): Promise<ExtractedText> {
  const { size } = await stat(file.path);
  if (size === 0) throw new Refused('empty', 'The file is empty.');
  if (size > limits.fileBytes) {
    const most = Math.round(limits.fileBytes / 1024 / 1024);
    throw new Refused('too_large', `The file is larger than ${most} MB.`);
  }
  const bytes = await readFile(file.path);
  const sink = createTextSink(limits.characters);
  const warnings: string[] = [];
  const source: Source = { bytes, sink, warn: (message) => warnings.push(message) };
  const kind = await readBy(source, file, limits);
  return { ok: true, kind, warnings, ...sink.finish() };
}

/** Parsers are loaded for whom they are needed: loading is most of what a small file takes. */
async function readBy(source: Source, file: FileToRead, limits: ExtractionLimits): Promise<FileKind> {
  const { bytes } = source;
  const head = bytes.toString('latin1', 0, 1_024);
  if (head.includes('%PDF-')) {
    const { readPdf } = await import('./readers/pdf.ts');
    await readPdf(source);
    return 'pdf';
  }
  if (head.startsWith('{\\rtf')) {
    const { readRtf } = await import('./readers/rtf.ts');
    readRtf(source);
    return 'rtf';
  }
  if (head.startsWith('PK')) {
    const { readPacked } = await import('./readers/packed.ts');
    return readPacked(source, limits);
  }
  if (head.startsWith('\xd0\xcf\x11\xe0')) throw compound(bytes);
  if (looksBinary(bytes)) throw await unsupported(bytes);
  if (isHtml(head, file)) {
    const { readHtml } = await import('./readers/html.ts');
    readHtml(source);
    return 'html';
  }
  readPlain(source);
  return plainKind(file);
}

async function unsupported(bytes: Buffer): Promise<Refused> {
  const { fileTypeFromBuffer } = await import('file-type');
  const known = await fileTypeFromBuffer(bytes);
  return new Refused(
    'unsupported',
    known === undefined
      ? 'The file is neither text nor a document that is read here.'
      : `A file of type ${known.mime} has no text that is read here.`,
  );
}

/** The container of Office files before 2007, and of protected ones since ([MS-OFFCRYPTO] 2.3.4). */
function compound(bytes: Buffer): Refused {
  return bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new Refused('encrypted', 'The file is protected by a password.')
    : new Refused('unsupported', 'The file is in a format of Office before 2007, which is not read here.');
}

const ending = ({ name }: FileToRead) => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? '';

function isHtml(head: string, file: FileToRead): boolean {
  if (/^(\xef\xbb\xbf)?\s*(<!doctype html|<html[\s>])/i.test(head)) return true;
  return ['html', 'htm', 'xhtml'].includes(ending(file)) || /^text\/html|xhtml/.test(file.mediaType ?? '');
}

function plainKind(file: FileToRead): FileKind {
  const type = file.mediaType ?? '';
  if (['md', 'markdown'].includes(ending(file)) || type.startsWith('text/markdown')) return 'markdown';
  return ending(file) === 'csv' || type.startsWith('text/csv') ? 'csv' : 'text';
}
