import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import { searchRecords } from '../search/search.ts';
import type { SearchQuery } from '../search/types.ts';
import type { Db } from '../store/schema.ts';
import type { ViewerId } from '../store/visibility.ts';
import { promisedWorld, rankOf, wordOf } from './search-world.ts';

/** One kind of query, and how many of a hundred are of it. */
interface Kind {
  name: string;
  share: number;
  query(draw: Draw): SearchQuery;
}

interface Draw {
  random(): number;
  /** A word as often as texts have it. */
  word(): string;
  /** Two words that stand side by side in some text. */
  pair(): string;
}

/**
 * Nine searches in ten have words, each drawn as often as texts have it: half of all words drawn so stand in more than
 * 5,000 of 1,000,000 texts, one in ten in more than 60,000.
 */
const kinds: Kind[] = [
  { name: 'one word', share: 40, query: (draw) => ({ q: draw.word() }) },
  { name: 'two words', share: 25, query: (draw) => ({ q: `${draw.word()} ${draw.word()}` }) },
  { name: 'a phrase', share: 5, query: (draw) => ({ q: `"${draw.pair()}"` }) },
  {
    name: 'three words, one left out',
    share: 5,
    query: (draw) => ({ q: `${draw.word()} ${draw.word()} -${draw.word()}` }),
  },
  {
    name: 'a word in one space',
    share: 5,
    query: (draw) => ({
      q: draw.word(),
      space: [`s${1 + Math.floor(draw.random() * promisedWorld.spaces)}`],
    }),
  },
  { name: 'a word, pages only', share: 5, query: (draw) => ({ q: draw.word(), type: ['page'] }) },
  {
    name: 'a word still being typed',
    share: 5,
    query: (draw) => ({ q: draw.word().slice(0, 3 + Math.floor(draw.random() * 2)), prefix: true }),
  },
  { name: 'nothing', share: 10, query: () => ({ q: '' }) },
];

/** Four of five are people who see two fifths of the site; the fifth is a guest of one or two spaces. */
const guestShare = 0.2;

export interface Timing {
  kind: string;
  guest: boolean;
  ms: number;
}

export interface Searches {
  /** The first search of each viewer, whose readable set is made by it. */
  first: number[];
  repeated: Timing[];
}

/** Runs `count` searches of the mix, one after another, after a first one by each of `viewers` people. */
export async function runSearches(db: Db, viewers: number, count: number): Promise<Searches> {
  const random = numbers(7);
  const people = await peopleOf(db, viewers);
  const pairs = await pairsOf(db);
  const draw: Draw = {
    random,
    word: () => wordOf(rankOf(random(), promisedWorld.vocabulary)),
    pair: () => pairs[Math.floor(random() * pairs.length)] ?? '',
  };
  const first: number[] = [];
  for (const viewer of people) first.push(await timed(() => searchRecords(db, viewer, { q: draw.word() })));
  const repeated: Timing[] = [];
  for (let at = 0; at < count; at += 1) {
    const kind = drawKind(random() * 100);
    const viewer = people[Math.floor(random() * people.length)] as ViewerId & { guest: boolean };
    const query = kind.query(draw);
    const ms = await timed(() => searchRecords(db, viewer, query));
    repeated.push({ kind: kind.name, guest: viewer.guest, ms });
    await breathe();
  }
  return { first, repeated };
}

function drawKind(at: number): Kind {
  let left = at;
  for (const kind of kinds) {
    if (left < kind.share) return kind;
    left -= kind.share;
  }
  return kinds[0] as Kind;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function peopleOf(db: Db, count: number): Promise<(ViewerId & { guest: boolean })[]> {
  const guests = Math.round(count * guestShare);
  const { rows } = await sql<{ userId: string; guest: boolean }>`
    select id as "userId", guest from (
      select u.id, a.guest, row_number() over (partition by a.guest order by md5(u.email)) as place
      from users u join atlassian_accounts a on a.email = u.email) ranked
    where place <= case when guest then ${guests}::int else ${count - guests}::int end`.execute(db);
  return rows;
}

async function pairsOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ pair: string }>`
    select split_part(text, ' ', 5) || ' ' || split_part(text, ' ', 6) as pair
    from record_bodies where record_id % 5000 = 1 and text like '% % % % % % %'`.execute(db);
  return rows.map((row) => row.pair);
}

/** The same numbers between 0 and 1 in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
