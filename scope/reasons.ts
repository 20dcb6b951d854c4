/** Why a record is left out, in the order in which the rules are asked; stored as `records.state_reason`. */
export const reasons = [
  'spaceKind',
  'spaceKeys',
  'contentTypes',
  'indexing.pages',
  'indexing.blogposts',
  'indexing.pageComments',
  'indexing.blogpostComments',
  'indexing.pageAttachments',
  'indexing.blogpostAttachments',
  'content.attachments',
  'scope.labels',
  'pageIds',
  'blogpostIds',
  'labels',
  'authors',
  'created',
  'modified',
  /** The page or blog post that a comment or attachment belongs to is left out. */
  'container',
  /** Manual indexing, and nobody chose it: state `manual`. */
  'notChosen',
  /** Somebody un-indexed it, or what it lies in: state `manual`. */
  'unindexed',
] as const;

export type Reason = (typeof reasons)[number];
