import { createHash } from 'node:crypto';
import type { ConfluenceAuditRecord } from '../../atlassian/confluence/types.ts';

/**
 * Tells records apart that have no id: by all that they say, and by how many like it came before. An author with an
 * account counts by that, because the name shown may change between two readings. Make one for each answer, so that a
 * record which a later answer repeats is known, and keep it while an offset is followed.
 */
export function createDigests(): (record: ConfluenceAuditRecord) => string {
  const seen = new Map<string, number>();
  return (record) => {
    const { at, author, object, ...said } = record;
    const content = hash([
      at.getTime(),
      author.accountId ?? author.name,
      [said.remoteAddress, said.category, said.summary, said.description],
      [object, ...said.associated].map(({ name, objectType }) => [name, objectType]),
      said.changed.map(({ name, oldValue, newValue }) => [name, oldValue, newValue]),
    ]);
    const before = seen.get(content) ?? 0;
    seen.set(content, before + 1);
    return before === 0 ? content : hash([content, before]);
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
