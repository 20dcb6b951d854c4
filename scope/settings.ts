/** The settings that decide which records of a site are wanted, as stored: every part may be absent. */

export interface ListFilter {
  operator: 'in' | 'not_in';
  values: string[];
}

/**
 * Times are ISO 8601. After and before are exclusive; between includes both ends. `timezone` is the zone in which they
 * were entered and are shown again; it decides nothing.
 */
export type TimeFilter = (
  | { operator: 'is_after'; from: string }
  | { operator: 'is_before'; to: string }
  | { operator: 'is_between'; from: string; to: string }
) & { timezone?: string | undefined };

/** All given filters must pass; a value that a Not In names is out, whatever else admits it. */
export interface FilterSettings {
  /** Case-sensitive, as Confluence's keys are. */
  spaceKeys?: ListFilter;
  /** Pages and all below them, folders between included. Pages and other places in the tree only. */
  pageIds?: ListFilter;
  /** Blog posts only. */
  blogpostIds?: ListFilter;
  labels?: ListFilter;
  contentTypes?: ListFilter;
  /** Account ids of the authors. */
  authors?: ListFilter;
  modified?: TimeFilter;
  created?: TimeFilter;
}

export interface ScopeSettings {
  /** `labels`: only what carries one of the two labels below; filters count on top. `filters` unless set. */
  by?: 'filters' | 'labels';
  /** Takes in the page or blog post that carries it; `ai-ingest` unless set. */
  pageLabel?: string;
  /** Takes in the page that carries it and everything below; `ai-ingest-all` unless set. */
  treeLabel?: string;
  /** Off unless chosen. */
  archivedSpaces?: boolean;
  /** On unless turned off; by labels, off unless chosen. */
  personalSpaces?: boolean;
}

/** Each is on unless turned off. */
export interface IndexingSettings {
  pages?: boolean;
  pageAttachments?: boolean;
  pageComments?: boolean;
  blogposts?: boolean;
  blogpostAttachments?: boolean;
  blogpostComments?: boolean;
  /** `manual`: records are listed, and indexed only when somebody chooses them. */
  mode?: 'automatic' | 'manual';
}

export interface WantedSettings {
  filters?: FilterSettings;
  scope?: ScopeSettings;
  indexing?: IndexingSettings;
}
