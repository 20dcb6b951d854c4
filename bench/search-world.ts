import { sql } from 'kysely';
import type { Db } from '../store/schema.ts';

/** How large the site is in which searches are measured. */
export interface SearchWorld {
  spaces: number;
  /** A third each pages, comments and attachments. */
  recordsPerSpace: number;
  /** Restricted places a space; each has a layer and an ACL of its own. */
  restrictedPerSpace: number;
  people: number;
  groups: number;
  /** Different words; one in e.g. 600 of a text's is the most frequent one. */
  vocabulary: number;
}

/** The size that is promised: 1,000,000 records, 10,000 users, 100,000 ACLs. */
export const promisedWorld: SearchWorld = {
  spaces: 500,
  recordsPerSpace: 2_000,
  restrictedPerSpace: 199,
  people: 10_000,
  groups: 300,
  vocabulary: 50_000,
};

/**
 * Fills an empty database by SQL alone: three in five spaces open to everybody with the product, the others to one to
 * three groups; a third of the pages restricted, by 1 to 4 people or groups; one person in twenty a guest of one or
 * two spaces. Everybody is in a dozen groups. Words are drawn as English has them without its stop words: the n-th
 * most frequent is drawn in proportion to 1 / (n + 100), so the first stands in a quarter of texts of 200 words.
 * Four minutes for 1,000,000 records on two busy cores.
 */
export async function createSearchWorld(
  db: Db,
  world: SearchWorld,
  say: (line: string) => void,
): Promise<void> {
  await sql`select setseed(0.5)`.execute(db);
  say('Making people, groups and permissions');
  await createPeople(db, world);
  await createLayers(db, world);
  say('Making records');
  await createRecords(db, world);
  say('Making texts');
  await createTexts(db, world);
  await sql`vacuum (analyze) record_search, records, record_bodies, acls, acl_layers, group_members, users, user_accounts, atlassian_accounts, atlassian_groups, spaces`.execute(
    db,
  );
}

const one = sql`(select id from connections limit 1)`;

async function createPeople(db: Db, world: SearchWorld): Promise<void> {
  await sql`insert into connections (name, product, deployment, site_url, auth_method, status)
    values ('Benchmark', 'confluence', 'cloud', 'https://bench.atlassian.net', 'api_token', 'active')`.execute(
    db,
  );
  await sql`insert into users (email, name, role, email_verified)
    select 'p' || n || '@example.com', 'Person ' || n, 'member', true
    from generate_series(1, ${world.people}::int) n`.execute(db);
  await sql`insert into atlassian_accounts (connection_id, account_id, display_name, email, account_type, account_status, guest)
    select ${one}, 'p' || n, 'Person ' || n, 'p' || n || '@example.com', 'atlassian', 'active', n % 20 = 0
    from generate_series(1, ${world.people}::int) n`.execute(db);
  await sql`insert into user_accounts (user_id, account_id, source)
    select id, name_part, 'grant' from (select id, split_part(email, '@', 1) as name_part from users) u
    where substr(name_part, 2)::int % 2 = 0`.execute(db);
  await sql`insert into atlassian_groups (connection_id, group_id, name, members_state, opens_product)
    select ${one}, 'g' || n, 'Group ' || n, 'known', n = 0 from generate_series(0, ${world.groups}::int) n`.execute(
    db,
  );
  // Group 0 opens the product; of the others, some are large and most are small.
  await sql`insert into group_members (connection_id, group_id, account_id)
    select ${one}, 'g0', account_id from atlassian_accounts where not guest
    union
    select ${one}, 'g' || (1 + floor(${world.groups}::int * random() * random()))::int, account_id
    from atlassian_accounts, generate_series(1, 12) where not guest`.execute(db);
}

async function createLayers(db: Db, world: SearchWorld): Promise<void> {
  await sql`insert into acl_layers (connection_id, kind, source_id, state, principals)
    values (${one}, 'product', '', 'known', '{class:all-licensed-users,class:guests}')`.execute(db);
  await sql`insert into acl_layers (connection_id, kind, source_id, state, principals)
    select ${one}, 'space', 's' || n, 'known',
      case when n % 5 < 3 then array['class:all-licensed-users']
        else (select array_agg('group:g' || (1 + floor(${world.groups}::int * random()))::int)
          from generate_series(1, 1 + (random() * 2 + n * 0)::int)) end
        || (select array_agg('user:p' || g) from generate_series(20, ${world.people}::int, 20) g
          where g / 20 % ${world.spaces}::int in (n, n * 7 % ${world.spaces}::int))
    from generate_series(1, ${world.spaces}::int) n`.execute(db);
  await sql`insert into spaces (connection_id, external_id, key, name, type, status, layer_id)
    select ${one}, source_id, upper(source_id), 'Space ' || source_id, 'global', 'current', id
    from acl_layers where kind = 'space' order by acl_layers.id`.execute(db);
  await sql`insert into acl_layers (connection_id, kind, source_id, state, principals)
    select ${one}, 'content', s || '-' || n, 'known',
      (select array_agg(case when random() < 0.4 then 'group:g' || (1 + floor(${world.groups}::int * random()))::int
        else 'user:p' || (1 + floor(${world.people}::int * random()))::int end)
        from generate_series(1, 1 + (random() * 3 + n * 0 + s * 0)::int))
    from generate_series(1, ${world.spaces}::int) s, generate_series(1, ${world.restrictedPerSpace}::int) n`.execute(
    db,
  );
  await sql`analyze acl_layers, spaces`.execute(db);
  // In the order in which a sync makes them: space by space, first that of what has no restriction.
  await sql`insert into acls (connection_id, layer_ids)
    select ${one}, array_remove(array[p.id, s.id, c.id], null)
    from acl_layers p
    join acl_layers s on s.kind = 'space'
    cross join generate_series(0, ${world.restrictedPerSpace}::int) n
    left join acl_layers c on c.connection_id = ${one} and c.kind = 'content' and c.source_id = substr(s.source_id, 2) || '-' || n
    where p.kind = 'product' order by s.id, n`.execute(db);
}

/**
 * The word of a rank from 0 on: consonants alone, which no stemmer changes and no list of stop words holds. Words that
 * begin alike are of all frequencies.
 */
export function wordOf(rank: number): string {
  return [...(4_096 + rank).toString(16)]
    .map((digit) => letters[parseInt(digit, 16)])
    .toReversed()
    .join('');
}
const letters = 'bcdfghjklmnpqrtv';

/** The rank of a word drawn by a random number between 0 and 1: the n-th in proportion to 1 / (n + 100). */
export function rankOf(random: number, vocabulary: number): number {
  return Math.floor(100 * ((vocabulary + 100) / 100) ** random - 100);
}

/** The same in SQL. `g` of the series around it makes it a drawing for each. */
const drawn = (world: SearchWorld) =>
  sql`reverse(translate(to_hex(4096 + floor(100 * (${(world.vocabulary + 100) / 100}::float8 ^ random()) - 100)::int + 0 * g),
    '0123456789abcdef', ${letters}))`;

async function createRecords(db: Db, world: SearchWorld): Promise<void> {
  await sql`analyze acls`.execute(db);
  // Interleaved over spaces, as a listing of a whole site is: neighbours on disk belong to different spaces.
  await sql`
    insert into records (connection_id, external_id, kind, space_id, parent_id, container_id, title, url, author_id, labels,
      created_at, modified_at, acl_id, digest)
    select ${one}, i::text, (array['page', 'comment', 'attachment'])[1 + i % 3],
      s.id, case when i % 3 = 0 and page >= 10 then ((page / 10 * 3) * ${world.spaces}::int + (i / 3 % ${world.spaces}::int) * 3)::text end,
      case when i % 3 > 0 then (i - i % 3)::text end,
      case when i % 3 = 1 then '' else (select string_agg(${drawn(world)}, ' ') from generate_series(1, 3 + i % 5) g) end,
      'https://bench.atlassian.net/wiki/' || i, 'p' || (1 + (i::bigint * 7919 % ${world.people}::int)),
      case when i % 3 = 0 then (select array_agg(distinct 'label' || floor(200 * random() * random() + 0 * g)::int) from generate_series(1, 1 + i % 4) g) else '{}' end,
      now() - interval '4 years', now() - interval '4 years' * random() ^ 2,
      s.first_acl + case when page % 3 = 1 then 1 + page / 3 % ${world.restrictedPerSpace}::int else 0 end, ''
    from (select n as i, n / 3 / ${world.spaces}::int as page
      from generate_series(0, ${world.spaces * world.recordsPerSpace}::int - 1) n) i
    join (select sp.id, row_number() over (order by sp.id) - 1 as at, min(a.id) as first_acl
      from spaces sp join acls a on a.layer_ids[2] = sp.layer_id group by sp.id) s on s.at = i / 3 % ${world.spaces}::int`.execute(
    db,
  );
}

/** Two sessions side by side, and the indexes of words afterwards, by their own definitions: that halves the time. */
async function createTexts(db: Db, world: SearchWorld): Promise<void> {
  const { rows } = await sql<{ definition: string }>`
    select indexdef as definition from pg_indexes
    where indexname in ('record_search_words', 'record_search_head')`.execute(db);
  await sql`drop index record_search_words, record_search_head`.execute(db);
  await Promise.all([0, 1].map((half) => createHalfOfTexts(db, world, half)));
  for (const { definition } of rows) await sql.raw(definition).execute(db);
}

async function createHalfOfTexts(db: Db, world: SearchWorld, half: number): Promise<void> {
  await sql`
    insert into record_bodies (record_id, text)
    select r.id, coalesce((select string_agg(${drawn(world)}, ' ')
      from generate_series(1, case r.kind when 'page' then 40 + (r.id * 37 % 320)::int
        when 'comment' then 8 + (r.id % 40)::int else 0 end) g), '')
    from records r where r.id % 2 = ${half}::int`.execute(db);
  await sql`
    insert into record_search (record_id, words, modified_at)
    select r.id, sluice_words_folded(r.title, null, array_to_string(r.labels, ' '), null, b.text, null), r.modified_at
    from records r join record_bodies b on b.record_id = r.id where r.id % 2 = ${half}::int`.execute(db);
}
