import { sql, type RawBuilder } from 'kysely';
import { audienceAcls } from '../store/audiences.ts';
import type { ViewerId } from '../store/visibility.ts';
import { likeLiteral } from './matching.ts';
import type { QueryField } from './query.ts';
import type { SearchQuery } from './types.ts';

/**
 * What narrows a search, as conditions on a `records` row with the alias `r`. Values are bound parameters. An audience
 * that `viewer` may not know of narrows to nothing, as one that does not exist.
 */
export function filterConditions(
  query: SearchQuery,
  fields: Partial<Record<QueryField, string[]>>,
  viewer: ViewerId,
): RawBuilder<boolean>[] {
  const conditions: RawBuilder<boolean>[] = [];
  if (query.connection !== undefined)
    conditions.push(sql<boolean>`r.connection_id::text = any(${lowered(query.connection)}::text[])`);
  for (const keys of [query.space, fields.space]) {
    if (keys !== undefined) conditions.push(inSpace(keys));
  }
  for (const types of [query.type, fields.type]) {
    if (types !== undefined) conditions.push(sql<boolean>`r.kind = any(${lowered(types)}::text[])`);
  }
  for (const labels of [query.label, fields.label]) {
    if (labels !== undefined) conditions.push(sql<boolean>`r.labels && ${lowered(labels)}::text[]`);
  }
  for (const authors of [query.author, fields.author]) {
    if (authors !== undefined) conditions.push(byAuthor(authors));
  }
  for (const audiences of [query.audience, fields.audience]) {
    if (audiences !== undefined)
      conditions.push(sql<boolean>`r.acl_id in ${audienceAcls(clean(audiences), { viewer })}`);
  }
  if (query.modifiedAfter !== undefined)
    conditions.push(sql<boolean>`r.modified_at > ${query.modifiedAfter}`);
  return conditions;
}

function inSpace(keys: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`r.space_id in (select id from spaces where lower(key) = any(${lowered(keys)}::text[]))`;
}

function byAuthor(authors: readonly string[]): RawBuilder<boolean> {
  const patterns = clean(authors).map((author) => `%${likeLiteral(author)}%`);
  return sql<boolean>`(r.author_id = any(${clean(authors)}::text[]) or (r.connection_id, r.author_id) in (
    select connection_id, account_id from atlassian_accounts
    where unaccent(display_name) ilike any (select unaccent(p) from unnest(${patterns}::text[]) p)))`;
}

function lowered(values: readonly string[]): string[] {
  return clean(values).map((value) => value.toLowerCase());
}

/** PostgreSQL takes neither NUL nor half a character. */
function clean(values: readonly string[]): string[] {
  return values.map((value) => value.toWellFormed().replaceAll('\0', ''));
}
