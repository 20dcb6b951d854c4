import type { FieldValue } from '../store/record-fields.ts';
import type { ConnectionStatus, RecordKind } from '../store/schema.ts';
import type { Place } from '../store/visible-records.ts';
import type { ParsedQuery } from './query.ts';

/** Kinds of records, as filters name them. */
export const recordKinds = [
  'page',
  'blogpost',
  'comment',
  'attachment',
  'folder',
  'whiteboard',
  'database',
  'embed',
] as const satisfies readonly RecordKind[];

/** What is asked of search. Lists mean any of their values; absent means all. */
export interface SearchQuery {
  /** As typed; empty lists the newest. */
  q: string;
  /** Ids of connections. */
  connection?: string[] | undefined;
  /** Keys of spaces, in any case. */
  space?: string[] | undefined;
  type?: RecordKind[] | undefined;
  label?: string[] | undefined;
  /** Account ids, or parts of names. */
  author?: string[] | undefined;
  /** Names of audiences, in any case (store/audiences.ts). */
  audience?: string[] | undefined;
  modifiedAfter?: Date | undefined;
  /** `nextCursor` of the page before, of the same query. */
  cursor?: string | undefined;
  /** 1 to 50; default 10. */
  limit?: number | undefined;
  /** The last word is still being typed. */
  prefix?: boolean | undefined;
}

/** A piece of text and whether it matched. Not escaped: templates do that. */
export interface Segment {
  text: string;
  mark: boolean;
}

export interface Hit {
  id: string;
  externalId: string;
  type: RecordKind;
  /** Ready to show: a comment's is "Comment on <page>". */
  title: string;
  url: string;
  snippet: Segment[];
  /** The places above that the viewer may see, outermost first; others are left out. */
  breadcrumbs: Place[];
  space: { key: string; name: string } | null;
  author: { accountId: string; name: string } | null;
  /** ISO 8601 in UTC. */
  modifiedAt: string | null;
  /** Comparable within one query only. */
  score: number;
  connection: { id: string; name: string; status: ConnectionStatus };
  /** By the mapping of its connection's content rules. */
  fields: Record<string, FieldValue>;
}

/** One value to narrow by, with how many visible hits it would leave. */
export interface Facet {
  value: string;
  label: string;
  count: number;
}

export interface SearchPage {
  hits: Hit[];
  /** Hits that the viewer may see; at most `countedUpTo`. */
  totalVisible: number;
  /** False when there are more than were counted: show "10,000+". */
  totalIsExact: boolean;
  facets: { connections: Facet[]; spaces: Facet[]; types: Facet[]; labels: Facet[] };
  nextCursor: string | null;
  interpreted: ParsedQuery;
}
