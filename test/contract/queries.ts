import type { Case } from './cases.ts';

const cql = (text: string, more = ''): Case => ({ query: `cql=${encodeURIComponent(text)}${more}` });
const wrong = (text: string): Case => ({ ...cql(text), status: 400 });

export const EXPAND =
  'body.storage,body.view,version,history,history.lastUpdated,space,ancestors,container,metadata.labels,extensions,' +
  'restrictions.read.restrictions.user,restrictions.read.restrictions.group,restrictions.update.restrictions.user';

/** Searches, by the operation that answers them. */
export const CQL: Record<'content' | 'site' | 'users', Case[]> = {
  content: [
    cql('type = page'),
    cql(
      'type in (page, blogpost, comment, attachment) order by lastmodified desc',
      `&limit=3&expand=${EXPAND}`,
    ),
    cql('text ~ rockets', `&expand=${EXPAND}`),
    cql('ancestor = 104 and space = OPEN'),
    cql('type = page', '&expand=body.export_view&limit=200'),
    cql('type = page', '&cqlcontext=%7B%22contentStatuses%22%3A%5B%22archived%22%5D%7D'),
    // A page below the trash takes the whole batch with it when its ancestors' restrictions are wanted.
    { ...cql('id in (101, 111)', '&expand=ancestors.restrictions.read.restrictions.user'), status: 404 },
    wrong('type ='),
    wrong('colour = red'),
    { ...cql('type = page', '&cursor=nonsense'), status: 400 },
    { status: 400 },
  ],
  site: [
    cql('text ~ "rockets"'),
    cql('type in (page, space, user)', '&limit=2&sitePermissionTypeFilter=all'),
    cql('type = space'),
    cql('type = page', '&excerpt=none&includeArchivedSpaces=true&expand=content.version,content.space'),
    wrong('user.fullname ~ ada'),
  ],
  users: [
    cql('type = user', '&limit=1'),
    cql('user.fullname ~ "be*"'),
    cql('user = ada', '&sitePermissionTypeFilter=all'),
    wrong('user.fullname = '),
  ],
};
