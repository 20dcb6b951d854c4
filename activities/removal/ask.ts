import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import type { SyncContext } from '../context.ts';

/** v2 listings take this many ids. */
export const idsPerListing = 250;

/** All that the listings take: Confluence lists archived pages, and no archived posts. */
const statuses = {
  page: ['current', 'archived', 'trashed', 'deleted'],
  blogpost: ['current', 'trashed', 'deleted'],
} as const;

/** Pages or blog posts by id, in whatever status they are, without bodies. What is not answered for is absent. */
export async function askInEveryStatus(
  { reader }: SyncContext,
  kind: 'page' | 'blogpost',
  ids: readonly string[],
): Promise<Map<string, ConfluencePage>> {
  const list = kind === 'page' ? reader.listPages : reader.listBlogposts;
  const answers = new Map<string, ConfluencePage>();
  for (let start = 0; start < ids.length; start += idsPerListing) {
    const some = ids.slice(start, start + idsPerListing);
    let cursor: string | null = null;
    do {
      const batch = await list({ cursor, ids: some, status: [...statuses[kind]], body: false });
      for (const page of batch.items) answers.set(page.id, page);
      cursor = batch.next;
    } while (cursor !== null);
  }
  return answers;
}
