import type { SiteSize } from '../../../store/forecast.ts';
import { fullCost, idleCost, type SyncCost } from '../forecast-cost.ts';

/** What is not stored yet and would come, as the site counts it. */
export type Newcomers = Pick<SiteSize, 'spaces' | 'pages' | 'blogposts' | 'comments' | 'attachments'>;

/** What changed settings take in. */
export interface TakenIn {
  /** Of spaces that are not stored yet. */
  ofNewSpaces: Newcomers;
  /** Of kinds that were turned off, in spaces that are stored: they come by their listings. */
  ofNewKinds: Pick<Newcomers, 'pages' | 'blogposts' | 'comments' | 'attachments'>;
  /** Stored pages and blog posts whose bodies are to be read. */
  bodies: number;
  /** Stored comments and attachments that come with them. */
  discussion: number;
}

/** Items in one answer: of a listing, and of a search among the comments or attachments of so many pages. */
const perListing = 250;
const pagesPerSearch = 100;

const none = { containers: 0, groups: 0, memberships: 0, accounts: 0 };

/**
 * What the sync asks that a change of filters starts: an incremental one's usual requests, bodies of what is taken in by
 * id, its comments and attachments by search, new spaces and new kinds whole. Nothing is spent on what stays or goes.
 */
export function changeCost({ ofNewSpaces, ofNewKinds, bodies, discussion }: TakenIn): SyncCost {
  const cost = { ...idleCost };
  const add = ({ requests, points }: SyncCost) => {
    cost.requests += requests;
    cost.points += points;
  };
  if (ofNewSpaces.spaces > 0) add(fullCost({ ...none, ...ofNewSpaces }));
  for (const items of Object.values(ofNewKinds)) {
    if (items > 0)
      add({ requests: Math.ceil(items / perListing), points: Math.ceil(items / perListing) + items });
  }
  if (bodies > 0) {
    const read = Math.ceil(bodies / perListing);
    const searches = 2 * (Math.ceil(bodies / pagesPerSearch) + Math.floor(discussion / (2 * perListing)));
    add({ requests: read + searches, points: read + searches + bodies + discussion });
  }
  return cost;
}
