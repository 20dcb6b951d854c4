import type { Reason } from './reasons.ts';

/** What leaves a record out, in a few words that follow "left out by" or stand alone in a list. */
export const reasonWords: Record<Reason, string> = {
  spaceKind: 'the choice of archived and personal spaces',
  spaceKeys: 'the filter of space keys',
  contentTypes: 'the filter of content types',
  'indexing.pages': 'pages are turned off',
  'indexing.blogposts': 'blog posts are turned off',
  'indexing.pageComments': 'comments of pages are turned off',
  'indexing.blogpostComments': 'comments of blog posts are turned off',
  'indexing.pageAttachments': 'attachments of pages are turned off',
  'indexing.blogpostAttachments': 'attachments of blog posts are turned off',
  'content.attachments': 'the content rules for attachments',
  'scope.labels': 'neither of the two labels that take in',
  pageIds: 'the filter of page IDs',
  blogpostIds: 'the filter of blog post IDs',
  labels: 'the filter of labels',
  authors: 'the filter of authors',
  created: 'the filter of Created Date',
  modified: 'the filter of Modified Date',
  container: 'it belongs to a page or blog post that is left out',
  notChosen: 'nobody has chosen it for indexing',
  unindexed: 'it was un-indexed by hand',
};
