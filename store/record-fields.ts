import { sql, type RawBuilder } from 'kysely';
import { mappedFields, type FieldFacts, type FieldValue } from '../content/rules/fields.ts';
import type { ContentRules } from '../content/rules/types.ts';
import { isoTime } from './iso-time.ts';

export type { FieldValue } from '../content/rules/fields.ts';

/** A connection's mapping of fields, and what they are taken from. */
export interface FieldSourceRow {
  rules: NonNullable<ContentRules['fields']>;
  facts: Omit<FieldFacts, 'title'>;
}

/**
 * In SQL, on `r` (records), `c` (its connection), `sp` (its space, perhaps null) and `a` (its author's account, perhaps
 * null): what the fields of a record are taken from; null where its connection maps none.
 */
export function fieldSources(): RawBuilder<FieldSourceRow | null> {
  return sql<FieldSourceRow | null>`case when jsonb_typeof(c.settings -> 'content' -> 'fields') = 'object'
    then json_build_object('rules', c.settings -> 'content' -> 'fields', 'facts', json_build_object(
      'type', r.kind, 'url', r.url, 'status', r.status, 'version', r.version, 'labels', r.labels,
      'author', case when r.author_id is not null
        then json_build_object('accountId', r.author_id, 'name', coalesce(a.display_name, '')) end,
      'space', case when sp.id is not null then json_build_object('key', sp.key, 'name', sp.name) end,
      'createdAt', ${isoTime(sql`r.created_at`)}, 'modifiedAt', ${isoTime(sql`r.modified_at`)})) end`;
}

/** The named fields of a record. `title` is the title as it is shown: a comment's own names a page. */
export function fieldsOf(row: FieldSourceRow | null, title: string): Record<string, FieldValue> {
  return row === null ? {} : mappedFields(row.rules, { ...row.facts, title });
}
