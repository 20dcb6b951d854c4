import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import type { SiteSize } from '../../store/forecast.ts';
import type { Connection } from '../../store/schema.ts';
import type { ReadSite } from './site-reader.ts';

/** People in a group, on average, where nothing is known of the site's yet. */
const usualMembers = 20;

/**
 * Asks a site how much there is, before anything of it is stored: four counts by CQL, its spaces and its groups.
 * @returns what throws is AtlassianError or of the token source
 */
export function createSiteCounts(readSite: ReadSite): (connection: Connection) => Promise<SiteSize> {
  return (connection) =>
    readSite(connection, async (reader) => {
      const [pages, blogposts, comments, attachments, spaces, groups] = await Promise.all([
        reader.count('type = page'),
        reader.count('type = blogpost'),
        reader.count('type = comment'),
        reader.count('type = attachment'),
        countSpaces(reader),
        reader.listGroups({}).then((found) => found.length),
      ]);
      const accounts = groups * usualMembers;
      const content = { pages, blogposts, comments, attachments, containers: 0 };
      return { ...content, spaces, groups, memberships: groups * usualMembers, accounts };
    });
}

async function countSpaces(reader: ConfluenceReader): Promise<number> {
  let spaces = 0;
  let cursor: string | null = null;
  do {
    const batch: Awaited<ReturnType<typeof reader.listSpaces>> = await reader.listSpaces({ cursor });
    spaces += batch.items.length;
    cursor = batch.next;
  } while (cursor !== null);
  return spaces;
}
