import { contentDigest } from '../../content/digest.ts';
import { attachmentHandling } from '../../content/rules/attachments.ts';
import type { ContentRules } from '../../content/rules/types.ts';
import { isExtractable } from '../../extraction/extractable.ts';
import { defaultLimits } from '../../extraction/types.ts';
import type { AttachmentOutcome, DueAttachment } from '../../store/attachment-texts.ts';

/** Raise it when files of more types are read than before: those that were not downloaded are looked at again. */
const generation = 1;

/** A short digest of what decides whether a file's text is read: rules that are alike have equal ones. */
export function handlingDigest(rules: ContentRules | undefined): string {
  const raw = JSON.stringify(rules?.attachments ?? {});
  return contentDigest({ title: '', labels: [], raw, others: [generation] });
}

/** Why the file of an attachment is not looked at, by its name, type and size and by the rules; null: it is. */
export function notRead(
  rules: ContentRules | undefined,
  { mediaType, title, fileSize }: Pick<DueAttachment, 'mediaType' | 'title' | 'fileSize'>,
): { code: string; message: string } | null {
  if (attachmentHandling(rules ?? {}, { mediaType, title, fileSize }) !== 'text') {
    return { code: 'rule', message: 'The rules of the connection leave the text of such files out.' };
  }
  if (!isExtractable({ mediaType, name: title })) {
    return { code: 'unsupported', message: 'Files of this type have no text that is read here.' };
  }
  return fileSize !== null && fileSize > defaultLimits.fileBytes
    ? { code: 'too_large', message: tooLarge }
    : null;
}

/** What is clear of an attachment without its file: that its text stays, or why it has none. null: read the file. */
export function outcomeWithoutFile(
  rules: ContentRules | undefined,
  attachment: DueAttachment,
): AttachmentOutcome | null {
  const { id, title, version, isRead } = attachment;
  const known = { id, title, version };
  const why = notRead(rules, attachment);
  if (why !== null) return { ...known, state: 'none', ...why, isRead: false };
  return isRead ? { ...known, state: 'kept' } : null;
}

export const tooLarge = `The file is larger than ${defaultLimits.fileBytes / 1024 / 1024} MB.`;
