import type { Kysely } from 'kysely';
import { z } from 'zod';
import { Conflict, InvalidInput, NotFound } from '../../../errors.ts';
import {
  countAccountStates,
  findAccount,
  listAccounts,
  type AccountFilter,
  type AccountPlace,
} from '../../../store/people-accounts.ts';
import { confirmEmails, listLinks } from '../../../store/people-links.ts';
import { countMissing, countReach, isFresh } from '../../../store/people-reach.ts';
import type { Logger } from '../../../log.ts';
import { countUserStates, listUserMatches, type UserPlace } from '../../../store/people-users.ts';
import type { Database } from '../../../store/schema.ts';
import { findUserByAccount, findUserByEmail } from '../../../store/users.ts';
import { requireAdministrator } from '../../actor.ts';
import { csvLine } from '../../csv.ts';
import { idOf, limitOf } from '../../paging.ts';
import { audit } from '../audit.ts';
import type { UsersService } from '../contracts.ts';
import { importTable } from './import.ts';
import { misses, presentPerson, presentUserMatch } from './present.ts';

import type { PeopleRequest, PeopleService } from './views.ts';

/** How long a page waits for counts of records before it says that they are not there. */
const countMs = 1_000;
/** How long counting goes on behind the page. */
const countOnMs = 60_000;
const exportBatch = 1_000;

const accountPlace = z.object({
  rank: z.string().regex(/^-?\d{1,18}$/),
  name: z.string(),
  connectionId: z.uuid(),
  accountId: z.string(),
}) satisfies z.ZodType<AccountPlace>;
const userPlace = z.object({ email: z.string(), connectionId: z.uuid() }) satisfies z.ZodType<UserPlace>;

/** Who is whom: accounts of connected sites and users here, from either side. */
export function createPeopleService(deps: {
  db: Kysely<Database>;
  users: UsersService;
  log: Logger;
}): PeopleService {
  const { db, users, log } = deps;

  /** One count goes on behind the pages at a time; whoever looks again finds more of it done. */
  let counting: Promise<void> | null = null;
  const countOn = (filter: AccountFilter) => {
    counting ??= countMissing(db, filter, countOnMs)
      .then((left) => log.debug({ left }, 'What unmatched accounts may read was counted.'))
      .catch((error: unknown) => log.debug({ reason: String(error) }, 'Counting for People stopped.'))
      .finally(() => {
        counting = null;
      });
  };

  return {
    async accounts(actor, request = {}) {
      requireAdministrator(actor);
      const filter = accountFilter(request);
      const [limit, sort, after] = [
        limitOf(request),
        request.sort ?? 'name',
        placeOf(request.cursor, accountPlace),
      ];
      const uncounted = sort === 'records' ? await countMissing(db, filter, countMs) : 0;
      if (uncounted > 0) countOn(filter);
      const [rows, counts] = await Promise.all([
        listAccounts(db, { ...filter, sort, after, limit: limit + 1 }),
        countAccountStates(db, filter),
      ]);
      const shown = rows.slice(0, limit);
      const now = new Date();
      const stale = shown.filter((row) => misses(row.reason) && !isFresh(row.counted_at, now));
      // What was not counted by the order's own count is not tried a second time.
      const counted =
        uncounted > 0
          ? null
          : await countReach(
              db,
              stale.map((row) => ({ connectionId: row.connection_id, accountId: row.account_id })),
              countMs,
            );
      return {
        items: shown.map((row) => presentPerson(row, counted ?? [])),
        nextCursor: rows.length > limit ? cursorTo(shown.at(-1)?.place) : null,
        counts: Object.fromEntries(counts),
        uncounted,
      };
    },
    async users(actor, request = {}) {
      requireAdministrator(actor);
      const filter = {
        connectionId: connectionOf(request.connection),
        state: request.state ?? null,
        q: (request.q ?? '').trim(),
      };
      const [limit, after] = [limitOf(request), placeOf(request.cursor, userPlace)];
      const [rows, counts] = await Promise.all([
        listUserMatches(db, { ...filter, after, limit: limit + 1 }),
        countUserStates(db, filter),
      ]);
      const shown = rows.slice(0, limit);
      return {
        items: shown.map(presentUserMatch),
        nextCursor: rows.length > limit ? cursorTo(shown.at(-1)?.place) : null,
        counts: Object.fromEntries(counts),
      };
    },
    async account(actor, key) {
      requireAdministrator(actor);
      const row = await findAccount(db, { ...key, connectionId: idOf('This account', key.connectionId) });
      if (row === undefined) throw new NotFound('This account');
      return presentPerson(row, []);
    },
    async link(actor, { accountId, email }) {
      requireAdministrator(actor);
      const user = await findUserByEmail(db, email.trim());
      if (user === undefined) {
        throw new InvalidInput({
          email: 'Nobody here has this email. Add the person under Settings, Users first.',
        });
      }
      await users.linkAccount(actor, user.id, accountId);
    },
    async unlink(actor, accountId) {
      requireAdministrator(actor);
      const owner = await findUserByAccount(db, accountId);
      if (owner === undefined) throw new NotFound('This account link');
      await users.unlinkAccount(actor, owner.id, accountId);
      return { email: owner.email };
    },
    async confirmEmails(actor, changed) {
      requireAdministrator(actor);
      const named = changed.map((each) => ({
        ...each,
        connectionId: idOf('This account', each.connectionId),
      }));
      return db.transaction().execute(async (tx) => {
        const confirmed = await confirmEmails(tx, named);
        if (confirmed.length !== changed.length) {
          throw new Conflict(
            'email_changed_again',
            'An email changed again or was confirmed since it was shown. Nothing was confirmed: look again.',
          );
        }
        for (const each of confirmed) {
          await audit(tx, actor, 'people.confirm_email', each.accountId, {
            before: { email: each.before },
            after: { email: each.email },
          });
        }
        return confirmed.length;
      });
    },
    async importTable(actor, input, options) {
      requireAdministrator(actor);
      return importTable(db, actor, input, options);
    },
    async *exportAccounts(actor, request = {}) {
      requireAdministrator(actor);
      const filter = accountFilter(request);
      yield csvLine(exportColumns);
      let after: AccountPlace | null = null;
      for (;;) {
        const rows: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(db, {
          ...filter,
          sort: 'name',
          after,
          limit: exportBatch,
        });
        yield rows
          .map((row) =>
            csvLine([
              row.account_id,
              row.user_email,
              row.connection_name,
              row.display_name,
              row.email,
              row.reason === null ? 'matched' : 'unmatched',
              row.matched_by,
              row.reason,
              ...(misses(row.reason) && row.records !== null
                ? [Number(row.records), row.counted_at?.toISOString() ?? null]
                : [null, null]),
            ]),
          )
          .join('');
        if (rows.length < exportBatch) return;
        after = rows.at(-1)?.place ?? null;
      }
    },
    async *exportLinks(actor) {
      requireAdministrator(actor);
      yield csvLine(['account_id', 'email', 'linked_by']);
      let after: string | null = null;
      for (;;) {
        const links: Awaited<ReturnType<typeof listLinks>> = await listLinks(db, {
          after,
          limit: exportBatch,
        });
        yield links.map((link) => csvLine([link.accountId, link.email, link.source])).join('');
        if (links.length < exportBatch) return;
        after = links.at(-1)?.accountId ?? null;
      }
    },
  };
}

const exportColumns = [
  'account_id',
  'user_email',
  'site',
  'name',
  'atlassian_email',
  'state',
  'matched_by',
  'reason',
  'records',
  'counted_at',
];

function accountFilter(request: PeopleRequest): AccountFilter {
  return {
    connectionId: connectionOf(request.connection),
    state: request.state ?? null,
    q: (request.q ?? '').trim().slice(0, 200),
  };
}

function connectionOf(id: string | undefined): string | null {
  return id === undefined || id === '' ? null : idOf('This connection', id);
}

function cursorTo(place: AccountPlace | UserPlace | undefined): string | null {
  return place === undefined ? null : Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws InvalidInput on a cursor that we did not give out */
function placeOf<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new InvalidInput({
      cursor: 'Not a cursor of this list. Leave it out to start from the beginning.',
    });
  }
}
