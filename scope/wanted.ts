import type { ListFilter, TimeFilter, WantedSettings } from './settings.ts';

export const defaultPageLabel = 'ai-ingest';
export const defaultTreeLabel = 'ai-ingest-all';

/** What an attachment's own facts say of it: with its file's text, by its facts alone, or not at all. */
export type AttachmentRule = (facts: {
  mediaType: string | null;
  title: string;
  fileSize: number | null;
}) => 'text' | 'link' | 'skip';

/** Settings made ready to decide many records by. */
export interface Wanted {
  spaceKeys: ListTest | null;
  contentTypes: ListTest | null;
  pageIds: ListTest | null;
  blogpostIds: ListTest | null;
  labels: ListTest | null;
  authors: ListTest | null;
  created: TimeTest | null;
  modified: TimeTest | null;
  /** null: filters alone decide. */
  byLabels: { pageLabel: string; treeLabel: string } | null;
  archivedSpaces: boolean;
  personalSpaces: boolean;
  pages: boolean;
  blogposts: boolean;
  pageComments: boolean;
  blogpostComments: boolean;
  pageAttachments: boolean;
  blogpostAttachments: boolean;
  /** Only what somebody chose. */
  manual: boolean;
  /** Somebody chose something by hand, in either mode: choices must be looked up. */
  choices: boolean;
  /** null: no attachment is skipped for what it is. */
  attachments: AttachmentRule | null;
}

/** A list of a filter: in, or not in. */
export interface ListTest {
  in: boolean;
  values: ReadonlySet<string>;
}

/** A window of time, in milliseconds since 1970; null: open. */
export interface TimeTest {
  from: number | null;
  to: number | null;
  /** Whether the ends themselves are within. */
  ends: boolean;
}

/** What beside the settings of filters, scope and indexing decides. */
export interface WantedBeside {
  /** Somebody chose something by hand (store/record-choices.ts knows). */
  choices?: boolean;
  /** The rule of content rules for attachments, where one may skip. */
  attachments?: AttachmentRule | null;
}

/** Compiles stored settings. Whatever they leave out is as scope/settings.ts says. */
export function wantedOf(settings: WantedSettings, beside: WantedBeside = {}): Wanted {
  const { filters = {}, scope = {}, indexing = {} } = settings;
  const byLabels = scope.by === 'labels';
  return {
    spaceKeys: listTest(filters.spaceKeys),
    contentTypes: listTest(filters.contentTypes),
    pageIds: listTest(filters.pageIds),
    blogpostIds: listTest(filters.blogpostIds),
    labels: listTest(filters.labels, (label) => label.toLowerCase()),
    authors: listTest(filters.authors),
    created: timeTest(filters.created),
    modified: timeTest(filters.modified),
    byLabels: byLabels
      ? {
          pageLabel: (scope.pageLabel ?? defaultPageLabel).toLowerCase(),
          treeLabel: (scope.treeLabel ?? defaultTreeLabel).toLowerCase(),
        }
      : null,
    archivedSpaces: scope.archivedSpaces === true,
    personalSpaces: byLabels ? scope.personalSpaces === true : scope.personalSpaces !== false,
    pages: indexing.pages !== false,
    blogposts: indexing.blogposts !== false,
    pageComments: indexing.pageComments !== false,
    blogpostComments: indexing.blogpostComments !== false,
    pageAttachments: indexing.pageAttachments !== false,
    blogpostAttachments: indexing.blogpostAttachments !== false,
    manual: indexing.mode === 'manual',
    choices: beside.choices === true,
    attachments: beside.attachments ?? null,
  };
}

/** Whether pages and blog posts of a space in scope must be looked at one by one: a listing cannot tell which are wanted. */
export function isSelective(wanted: Wanted): boolean {
  const { pageIds, blogpostIds, labels, authors, created, modified, byLabels, manual, choices } = wanted;
  const filters = [pageIds, blogpostIds, labels, authors, created, modified, byLabels];
  return manual || choices || filters.some((one) => one !== null);
}

/** Whether any rule can leave anything out of a space in scope. Where none can, nothing needs to be decided. */
export function leavesOut(wanted: Wanted): boolean {
  return (
    isSelective(wanted) ||
    wanted.contentTypes !== null ||
    wanted.attachments !== null ||
    !wanted.pages ||
    !wanted.blogposts ||
    !wanted.pageComments ||
    !wanted.blogpostComments ||
    !wanted.pageAttachments ||
    !wanted.blogpostAttachments
  );
}

function listTest(filter: ListFilter | undefined, fold = (value: string) => value): ListTest | null {
  if (filter === undefined) return null;
  return { in: filter.operator === 'in', values: new Set(filter.values.map((value) => fold(value))) };
}

function timeTest(filter: TimeFilter | undefined): TimeTest | null {
  switch (filter?.operator) {
    case undefined:
      return null;
    case 'is_after':
      return { from: Date.parse(filter.from), to: null, ends: false };
    case 'is_before':
      return { from: null, to: Date.parse(filter.to), ends: false };
    case 'is_between':
      return { from: Date.parse(filter.from), to: Date.parse(filter.to), ends: true };
  }
}
