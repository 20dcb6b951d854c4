import PQueue from 'p-queue';
import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type {
  ConfluenceContainer,
  ConfluencePage,
  ContainerKind,
  ContentAccess,
} from '../../atlassian/confluence/types.ts';
import { unknownLayer } from '../../permissions/readings.ts';
import type { ContentAccessWrite } from '../../store/content-access.ts';
import type { RecordKind } from '../../store/schema.ts';
import { complete, idsPerQuery, readRestriction } from '../access.ts';
import { readContainer } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';

/** What Confluence answers now for some content: its place, and its own restriction where it has a place. */
export interface ContentAnswers {
  pages: ConfluencePage[];
  containers: ConfluenceContainer[];
  access: ContentAccessWrite[];
  /** Answered for by no listing: deleted, archived, or shut to the crawling account. */
  gone: string[];
}

/** v2 listings take this many ids. */
const idsPerListing = 250;
const concurrency = 6;

/**
 * Asks for the places of some content by id (250 pages or posts a request, one request a container) and for their own
 * restrictions (a hundred a request). The listings tell what exists: the search index lags behind, so what it does not
 * hold is asked for one by one.
 */
export async function askForContent(
  context: SyncContext,
  kinds: ReadonlyMap<string, RecordKind>,
): Promise<ContentAnswers> {
  const of = (wanted: (kind: RecordKind) => boolean) =>
    [...kinds].flatMap(([id, kind]) => (wanted(kind) ? [id] : []));
  const { listPages, listBlogposts } = context.reader;
  const containerIds = of((kind) => kind !== 'page' && kind !== 'blogpost');
  const reading = new PQueue({ concurrency });
  const [pages, posts, containers, found] = await Promise.all([
    listByIds(
      listPages,
      of((kind) => kind === 'page'),
    ),
    listByIds(
      listBlogposts,
      of((kind) => kind === 'blogpost'),
    ),
    reading.addAll(
      containerIds.map((id) => () => readContainer(context, kinds.get(id) as ContainerKind, id)),
    ),
    search(context, [...kinds.keys()]),
  ]);
  const answered = { pages: [...pages, ...posts], containers: containers.filter((one) => one !== null) };
  const present = [...answered.pages, ...answered.containers].map(({ id }) => id);
  const there = new Set(present);
  return {
    ...answered,
    access: await restrictionsOf(context, present, found),
    gone: [...kinds.keys()].filter((id) => !there.has(id)),
  };
}

async function listByIds(
  list: SyncContext['reader']['listPages'],
  ids: readonly string[],
): Promise<ConfluencePage[]> {
  const pages: ConfluencePage[] = [];
  for (let start = 0; start < ids.length; start += idsPerListing) {
    const some = ids.slice(start, start + idsPerListing);
    let cursor: string | null = null;
    do {
      const batch = await list({ cursor, ids: some, status: ['current'], body: false });
      pages.push(...batch.items);
      cursor = batch.next;
    } while (cursor !== null);
  }
  return pages;
}

/** null: the search was refused. */
async function search(
  context: SyncContext,
  ids: readonly string[],
): Promise<Map<string, ContentAccess> | null> {
  const found = new Map<string, ContentAccess>();
  try {
    for (let start = 0; start < ids.length; start += idsPerQuery) {
      const cql = cqlIn('id', ids.slice(start, start + idsPerQuery));
      let cursor: string | null = null;
      do {
        const batch = await context.reader.searchAccess({ cql, cursor });
        for (const item of batch.items) found.set(item.id, item);
        cursor = batch.next;
      } while (cursor !== null);
    }
    return found;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, 'Restrictions could not be searched for, and are read one by one.', error);
    return null;
  }
}

/** Where the search is refused and the first restriction is refused too, the others are not asked for: they are unknown. */
async function restrictionsOf(
  context: SyncContext,
  ids: readonly string[],
  found: ReadonlyMap<string, ContentAccess> | null,
): Promise<ContentAccessWrite[]> {
  const listed = ids.flatMap((id) => found?.get(id) ?? []);
  const [first, ...others] = ids.filter((id) => found?.has(id) !== true);
  const access: ContentAccessWrite[] = [];
  for (const item of listed) access.push(await complete(context, item));
  if (first === undefined) return access;
  const readOne = async (id: string): Promise<ContentAccessWrite> => {
    const restriction = await readRestriction(context, id);
    context.checkpointReached(`restriction of ${id}`);
    return { externalId: id, labels: null, restriction };
  };
  const sample = await readOne(first);
  access.push(sample);
  if (found === null && sample.restriction?.state === 'unknown') {
    const restriction = unknownLayer(sample.restriction.reason);
    return [...access, ...others.map((externalId) => ({ externalId, labels: null, restriction }))];
  }
  const reading = new PQueue({ concurrency });
  return [...access, ...(await reading.addAll(others.map((id) => () => readOne(id))))];
}
