import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AtlassianError, RateLimited } from '../../atlassian/errors.ts';
import { cjkText } from '../../content/cjk.ts';
import { fileMarkdown } from '../../content/file-text.ts';
import { defaultLimits, type ExtractionCode } from '../../extraction/types.ts';
import type { AttachmentOutcome, DueAttachment } from '../../store/attachment-texts.ts';
import type { SyncContext } from '../context.ts';
import { tooLarge } from './handling.ts';

/** What became of one file: what is stored of it, and what is told of a failure. */
export interface FileEnd {
  attachment: DueAttachment;
  outcome: AttachmentOutcome;
  failure: FileFailure | null;
  /** The file was asked for, and the next try would ask again. */
  isRead: boolean;
}

export interface FileFailure {
  message: string;
  error: AtlassianError | null;
  /** The same file would fail in the same way: only a new version or somebody's wish has it tried again. */
  lasts: boolean;
}

/** A file without text is no failure: nothing is wrong, and nobody need act. */
const withoutText: ReadonlySet<ExtractionCode> = new Set(['empty', 'too_large', 'encrypted', 'unsupported']);
/** Of the site or the credential, and not of one file. */
const ofTheWholeSite = new Set(['unauthorized', 'scope_mismatch']);

/**
 * Downloads one file and reads its text. What is wrong with this file alone comes back as its end.
 * @throws what concerns every file: limits, the credential, the run's end
 */
export async function readFile(
  context: SyncContext,
  attachment: DueAttachment,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<FileEnd> {
  const { id, externalId, containerId, title, mediaType, version, fileSize } = attachment;
  const known = { id, title, version };
  const without = (code: string, message: string): FileEnd => ({
    attachment,
    outcome: { ...known, state: 'none', code, message, isRead: true },
    failure: null,
    isRead: true,
  });
  const failed = (code: string, message: string, failure: Omit<FileFailure, 'message'>): FileEnd => ({
    attachment,
    outcome: { ...known, state: 'failed', code, message },
    failure: { ...failure, message },
    isRead: true,
  });
  if (containerId === null) return without('unsupported', 'The file belongs to no page.');
  const path = join(folder, id);
  try {
    const maxBytes = defaultLimits.fileBytes;
    const file = { containerId, attachmentId: externalId, version, to: path, maxBytes };
    const bytes = await context.reader.downloadFile(file);
    if (fileSize !== null && fileSize > 0 && bytes !== fileSize) {
      const message = `The file has ${bytes} bytes, and Confluence lists ${fileSize}.`;
      return failed('wrong_length', message, { error: null, lasts: false });
    }
    const found = await context.extractor.extract({ path, name: title, mediaType }, signal);
    if (found.ok) {
      const { kind, text, truncated } = found;
      const forms = { markdown: fileMarkdown(kind, text), cjk: cjkText(`${title}\n${text}`) };
      return {
        attachment,
        outcome: { ...known, state: 'done', kind, text, truncated, ...forms },
        failure: null,
        isRead: true,
      };
    }
    if (withoutText.has(found.code)) return without(found.code, found.message);
    // A busy machine may have made it slow.
    return failed(found.code, found.message, { error: null, lasts: found.code !== 'took_too_long' });
  } catch (error) {
    if (!(error instanceof AtlassianError) || error instanceof RateLimited) throw error;
    if (ofTheWholeSite.has(error.code)) throw error;
    if (error.code === 'too_large') return without('too_large', tooLarge);
    const message = `The file could not be downloaded: ${error.message}`;
    return failed('download', message, { error, lasts: false });
  } finally {
    await rm(path, { force: true });
  }
}
