import type { AttachmentHandling, AttachmentTypeRule, ContentRules } from './types.ts';

/** What the listing of attachments tells of a file. */
export interface AttachmentFacts {
  mediaType: string | null;
  /** The file's name. */
  title: string;
  /** Bytes; null: not known. */
  fileSize: number | null;
}

/**
 * Whether an attachment is indexed with its file's text (`text`), with what is told of it alone (`link`), or not at
 * all (`skip`). The first exception that fits decides, else the general rule. Then the limit of size: a larger file,
 * or one of unknown size, is never read; only one that is known to be larger is skipped for it.
 */
export function attachmentHandling(rules: ContentRules, facts: AttachmentFacts): AttachmentHandling {
  const { default: general = 'text', byType, maxBytes, larger = 'link' } = rules.attachments ?? {};
  // What another version stored may be anything: an exception that is none decides nothing.
  const exceptions = Array.isArray(byType) ? byType.filter((rule) => Array.isArray(rule?.types)) : [];
  const handling = exceptions.find((rule) => fits(rule, facts))?.handling ?? general;
  if (handling === 'skip' || maxBytes === undefined) return handling;
  if (facts.fileSize === null) return 'link';
  return facts.fileSize > maxBytes ? larger : handling;
}

function fits(rule: AttachmentTypeRule, { mediaType, title }: AttachmentFacts): boolean {
  const name = title.toLowerCase();
  // "text/html; charset=utf-8" is text/html.
  const media = (mediaType ?? '').toLowerCase().split(';')[0]!.trim();
  return rule.types.some((one) => {
    const type = one.trim().toLowerCase();
    if (type.startsWith('.')) return type.length > 1 && name.endsWith(type);
    if (type.endsWith('/*')) return media.startsWith(type.slice(0, -1));
    return type !== '' && media === type;
  });
}
