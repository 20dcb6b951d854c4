import { listAllSpaces } from '../../atlassian/confluence/all-spaces.ts';
import { cqlIn, cqlNotIn } from '../../atlassian/confluence/cql.ts';
import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import { inScopeSpace, wantedOf } from '../../scope/decide.ts';
import type { ListFilter, WantedSettings } from '../../scope/settings.ts';
import type { SiteSize } from '../../store/forecast.ts';
import type { Connection } from '../../store/schema.ts';
import type { ReadSite } from './site-reader.ts';

/** People in a group, on average, where nothing is known of the site's yet. */
const usualMembers = 20;

/**
 * Asks a site how much there is in the spaces that the settings take in, before anything of it is stored: counts by
 * CQL of four types, its spaces and its groups.
 * @returns what throws is AtlassianError or of the token source
 */
export function createSiteCounts(readSite: ReadSite): (connection: Connection) => Promise<SiteSize> {
  return (connection) =>
    readSite(connection, async (reader) => {
      const parts = spaceParts(connection.settings.filters?.spaceKeys);
      const count = async (type: string) => {
        const found = await Promise.all(parts.map((part) => reader.count(`type = ${type}${part}`)));
        return found.reduce((sum, one) => sum + one, 0);
      };
      const [pages, blogposts, comments, attachments, spaces, groups] = await Promise.all([
        count('page'),
        count('blogpost'),
        count('comment'),
        count('attachment'),
        countSpaces(reader, connection.settings),
        reader.listGroups({}).then((found) => found.length),
      ]);
      const accounts = groups * usualMembers;
      const content = { pages, blogposts, comments, attachments, containers: 0 };
      return { ...content, spaces, groups, memberships: groups * usualMembers, accounts };
    });
}

/** Of the keys that a filter names, those that fit the address of a request: personal keys are up to 60 long. */
const keysPerQuery = 50;
/** More queries than this cost more than a rough figure is worth: then the whole site is counted. */
const mostQueries = 5;

/** What narrows a count to the spaces of the filter, a condition a query; together they are all of it. */
function spaceParts(filter: ListFilter | undefined): string[] {
  const keys = filter?.values ?? [];
  const queries = Math.ceil(keys.length / keysPerQuery);
  if (filter === undefined || queries > (filter.operator === 'in' ? mostQueries : 1)) return [''];
  if (filter.operator === 'not_in') return [` and ${cqlNotIn('space', keys)}`];
  return Array.from(
    { length: queries },
    (_, at) => ` and ${cqlIn('space', keys.slice(at * keysPerQuery, (at + 1) * keysPerQuery))}`,
  );
}

async function countSpaces(reader: ConfluenceReader, settings: WantedSettings): Promise<number> {
  const wanted = wantedOf(settings);
  const spaces = await listAllSpaces(reader);
  return spaces.filter((space) => inScopeSpace(wanted, space)).length;
}
