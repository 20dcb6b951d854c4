import type { ContentRules } from './types.ts';

/** What a field of a record may be taken from. */
export const fieldSources = [
  'title',
  'creator',
  'created',
  'lastModified',
  'labels',
  'space',
  'spaceName',
  'status',
  'type',
  'version',
  'url',
] as const;
export type FieldSource = (typeof fieldSources)[number];

/** What is stored of a record that fields may be taken from. Times are ISO 8601. */
export interface FieldFacts {
  title: string;
  type: string;
  url: string;
  status: string;
  version: number;
  author: { accountId: string; name: string } | null;
  space: { key: string; name: string } | null;
  labels: readonly string[];
  createdAt: string | null;
  modifiedAt: string | null;
}

export type FieldValue = string | number | readonly string[] | null;

const values: Record<FieldSource, (facts: FieldFacts) => FieldValue> = {
  title: ({ title }) => title,
  // People who hide their name, or have left, are still somebody.
  creator: ({ author }) => author && (author.name.trim() || author.accountId),
  created: ({ createdAt }) => createdAt,
  lastModified: ({ modifiedAt }) => modifiedAt,
  labels: ({ labels }) => [...labels],
  space: ({ space }) => space && space.key,
  spaceName: ({ space }) => space && space.name,
  status: ({ status }) => status,
  type: ({ type }) => type,
  version: ({ version }) => version,
  url: ({ url }) => url,
};

/**
 * The named fields of a record, from what is stored of it: nothing is fetched, and a change of the mapping changes
 * every record at once. A field without a value has its default, else null; so has one whose source is not known.
 */
export function mappedFields(rules: ContentRules['fields'], facts: FieldFacts): Record<string, FieldValue> {
  const fields = Object.entries(rules ?? {}).map(([name, rule]): [string, FieldValue] => {
    // What another version stored may be anything, and must not keep a record from being read.
    const { from, default: usual }: { from?: unknown; default?: unknown } = { ...rule };
    const source = fieldSources.find((each) => each === from);
    const value = source === undefined ? null : values[source](facts);
    return [name, !isEmpty(value) ? value : typeof usual === 'string' ? usual : null];
  });
  return Object.fromEntries(fields);
}

function isEmpty(value: FieldValue): boolean {
  return value === null || (Array.isArray(value) ? value.length === 0 : value === '');
}
