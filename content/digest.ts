import { createHash } from 'node:crypto';

/** What of an item decides whether its record must be written again. */
export interface DigestedContent {
  title: string;
  /** The body as Atlassian gave it, not converted: a better converter alone does not make an item "changed". */
  raw: string;
  /** In any order, repeats allowed. */
  labels: readonly string[];
  /** Whatever else counts (status, parent, version...), in an order that the caller keeps. */
  others?: readonly (string | number | boolean | null)[];
}

/**
 * A short stable digest of an item's content, for change detection: equal content has equal digests on every
 * machine, and different content practically never has (132 bits of SHA-256). 22 characters of base64url.
 */
export function contentDigest(content: DigestedContent): string {
  const labels = [...new Set(content.labels)].sort();
  const hash = createHash('sha256');
  // JSON keeps the borders between the parts, so that words cannot wander from the title into the body unseen.
  hash.update(JSON.stringify([content.title, labels, content.others ?? [], content.raw.length]));
  hash.update(content.raw);
  return hash.digest('base64url').slice(0, 22);
}
