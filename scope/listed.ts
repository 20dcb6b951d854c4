import type { Wanted } from './wanted.ts';

/** The kinds that a site is asked for in listings; folders and the like are found as places above pages. */
export type ListedKind = 'page' | 'blogpost' | 'comment' | 'attachment';

/**
 * Which kinds the settings can want anything of: what is turned off, or belongs to what is turned off, is asked for
 * nowhere.
 */
export function listedKinds(wanted: Wanted): ReadonlySet<ListedKind> {
  const types = (kind: ListedKind) => {
    const test = wanted.contentTypes;
    return test === null || test.in === test.values.has(kind);
  };
  const page = wanted.pages && types('page');
  const blogpost = wanted.blogposts && types('blogpost');
  const listed: Record<ListedKind, boolean> = {
    page,
    blogpost,
    comment: types('comment') && ((page && wanted.pageComments) || (blogpost && wanted.blogpostComments)),
    attachment:
      types('attachment') && ((page && wanted.pageAttachments) || (blogpost && wanted.blogpostAttachments)),
  };
  return new Set((Object.keys(listed) as ListedKind[]).filter((kind) => listed[kind]));
}
