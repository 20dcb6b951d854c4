import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SluiceError } from '../errors.ts';
import type { SearchQuery } from './types.ts';

/** Where a page ended, and the moment and the records that its query began with. */
export interface Position {
  /** Milliseconds: scores fade with age, and must not move between two pages. */
  asOf: number;
  /** Records that came later are left out, so that they shift nothing. */
  newestId: string;
  /** PostgreSQL's shortest exact text of the double. */
  score: string;
  id: string;
}

const id = z.string().regex(/^\d{1,18}$/);
const schema = z.tuple([
  z.number().int().min(0).max(8_640_000_000_000),
  id,
  z.string().regex(/^-?\d{1,20}(\.\d{1,40})?(e[-+]\d{1,3})?$/),
  id,
  z.string(),
]);

/** The cursor is no secret and no permission: every page is trimmed anew. The check only tells a mix-up early. */
export function encodeCursor(position: Position, query: SearchQuery): string {
  const parts = [position.asOf, position.newestId, position.score, position.id] as const;
  return Buffer.from(JSON.stringify([...parts, checksum(parts, query)])).toString('base64url');
}

/** @throws SluiceError `invalid_cursor` (400) when it was changed or belongs to another query. */
export function decodeCursor(cursor: string, query: SearchQuery): Position {
  const parsed = schema.safeParse(parseJson(cursor));
  if (parsed.success) {
    const [asOf, newestId, score, last, check] = parsed.data;
    if (check === checksum([asOf, newestId, score, last], query)) return { asOf, newestId, score, id: last };
  }
  throw new SluiceError(
    'invalid_cursor',
    'This cursor is damaged or belongs to another query. Send the nextCursor of the page before, with the same query and filters, or leave it out to begin anew.',
    { status: 400 },
  );
}

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor.slice(0, 1000), 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function checksum(parts: readonly unknown[], query: SearchQuery): string {
  const { q, connection, space, type, label, author, audience, modifiedAfter, prefix } = query;
  const asked = [q, connection, space, type, label, author, audience, modifiedAfter, prefix].map(
    (value) => value ?? null,
  );
  return createHash('sha256')
    .update(JSON.stringify([parts, asked]))
    .digest('base64url')
    .slice(0, 16);
}
