import type { ListKind } from '../../../../scope/pasted-list.ts';
import type { RecordKind } from '../../../../store/schema.ts';

/** Content types as people say them, in the order of the form. */
export const contentTypeNames: Record<RecordKind, string> = {
  page: 'Pages',
  blogpost: 'Blog posts',
  comment: 'Comments',
  attachment: 'Attachments',
  folder: 'Folders',
  whiteboard: 'Whiteboards',
  database: 'Databases',
  embed: 'Smart links in the page tree',
};
export const contentTypes = Object.keys(contentTypeNames) as RecordKind[];

export const toggleNames = {
  pages: 'Pages',
  pageAttachments: 'Attachments of pages',
  pageComments: 'Comments on pages',
  blogposts: 'Blog posts',
  blogpostAttachments: 'Attachments of blog posts',
  blogpostComments: 'Comments on blog posts',
} as const;
export type Toggle = keyof typeof toggleNames;
export const toggles = Object.keys(toggleNames) as Toggle[];

export const timeNames = { modified: 'Modified date', created: 'Created date' } as const;
export type TimeName = keyof typeof timeNames;
export const timeFilters = Object.keys(timeNames) as TimeName[];

export const listFilters = [
  'spaceKeys',
  'pageIds',
  'blogpostIds',
  'labels',
  'authors',
] as const satisfies readonly ListKind[];

/** The fields of the form, each as text; a checkbox is "on" or empty. */
export const filterFields = [
  /** "1" where the form holds the fields below: without it they are as stored. */
  'filtersShown',
  'scopeBy',
  'pageLabel',
  'treeLabel',
  ...listFilters.flatMap((name) => [name, `${name}Operator`] as const),
  'contentTypesOperator',
  ...contentTypes.map((type) => `contentTypes-${type}` as const),
  'filterZone',
  ...timeFilters.flatMap(
    (name) => [`${name}Operator`, `${name}From`, `${name}FromTime`, `${name}To`, `${name}ToTime`] as const,
  ),
  ...toggles.map((name) => `indexing-${name}` as const),
  'indexingMode',
  /** What is looked for in the lists to choose from. */
  'spaceSearch',
  'authorSearch',
  /** Values that the site does not know and that are to be saved all the same, as `field:value` lines. */
  'confirmed',
] as const;

export type FilterValues = Readonly<Record<(typeof filterFields)[number], string>>;
