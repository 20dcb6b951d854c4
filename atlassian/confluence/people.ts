import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import { AtlassianError } from '../errors.ts';
import type { Listing } from './listing.ts';
import type { PeopleListing } from './types.ts';
import { listOf, offsetListOf } from './wire.ts';

/** `cql=type=user will return up to 10k users` (Confluence v1, `search/user`). */
const mostPeople = 10_000;
const peoplePerAnswer = 200;

/** All kinds of people: licensed ones, guests, and those without a licence. */
const everybody = { cql: 'type=user', sitePermissionTypeFilter: 'all' };
const refusals = new Set(['forbidden', 'not_found', 'gone', 'bad_request', 'scope_mismatch']);
const found = z.object({
  user: z.object({ accountId: z.string().nullish(), accountType: z.string().nullish() }).nullish(),
});

/** The people of a site, whether a group names them or not. */
export function createPeople(api: Api, listing: Listing) {
  return {
    /**
     * Asks the general search, for which every credential has the scope. Where that finds no people, not even the one
     * who asks, `search/user` is asked, which Atlassian documents for this and OAuth needs one scope more for.
     * @throws AtlassianError of the second where neither answers
     */
    async listPeople(): Promise<PeopleListing> {
      const searched = await bySearch().catch((error: unknown) => {
        if (error instanceof AtlassianError && refusals.has(error.code)) return null;
        throw error;
      });
      return searched === null || searched.accountIds.length === 0 ? byUserSearch() : searched;
    },
  };

  async function bySearch(): Promise<PeopleListing> {
    const ids = new Set<string>();
    for (let cursor: string | null = null; ;) {
      const batch: { items: string[]; next: string | null } = await listing.batch({
        path: '/wiki/rest/api/search',
        query: { ...everybody, excerpt: 'none' },
        cursor,
        limit: peoplePerAnswer,
        item: found,
        kind: 'identity',
        list: listOf,
        map: accountIdOf,
      });
      for (const id of batch.items) if (id !== '') ids.add(id);
      if (batch.next === null) return { accountIds: [...ids], complete: true };
      if (ids.size >= mostPeople) return { accountIds: [...ids], complete: false };
      cursor = batch.next;
    }
  }

  async function byUserSearch(): Promise<PeopleListing> {
    const ids = new Set<string>();
    for (let start = 0; ;) {
      const { value } = await api.call({
        path: '/wiki/rest/api/search/user',
        query: { ...everybody, start, limit: peoplePerAnswer },
        estimate: pointsOf({ identity: peoplePerAnswer }),
        schema: offsetListOf(found),
        points: (answer) => pointsOf({ identity: answer.results.length }),
      });
      for (const id of value.results.map(accountIdOf)) if (id !== '') ids.add(id);
      start += value.results.length;
      const full = value.results.length >= (value.limit ?? peoplePerAnswer);
      const more = full || typeof value._links?.next === 'string';
      const ended = value.results.length === 0 || !more;
      if (ended || start >= mostPeople) {
        return { accountIds: [...ids], complete: ended && start >= (value.totalSize ?? 0) };
      }
    }
  }
}

/** Apps are nobody here, and to read one costs as much as a person. */
function accountIdOf({ user }: z.output<typeof found>): string {
  return user?.accountType === 'app' ? '' : (user?.accountId ?? '');
}
