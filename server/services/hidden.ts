import type { Kysely } from 'kysely';
import { countedTo, listHidden, type HiddenRow } from '../../store/hidden.ts';
import { hiddenCauses, type HiddenCause } from '../../store/hidden-obstacles.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, limitOf } from '../paging.ts';
import type { Page } from '../views.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest } from './contracts.ts';
import { hiddenWords } from './hidden-words.ts';

/** One thing that hides itself, and what hangs on it, from everybody. */
export interface HiddenView {
  cause: HiddenCause;
  /** Atlassian's id; null for the product. */
  externalId: string | null;
  /** Of ours; null where nothing is stored. */
  recordId: string | null;
  /** `product`, `space`, a record's type, or `place` where it is not known. */
  type: string;
  title: string;
  /** In Atlassian. */
  url: string;
  /** How many records hang on it, itself included. */
  records: number;
  /** There are more than `records`: they are counted up to a bound. */
  more: boolean;
  reason: string;
  remedy: string;
  since: string | null;
  lastTriedAt: string | null;
  attempts: number | null;
  httpStatus: number | null;
  traceId: string | null;
}

export interface HiddenPage extends Page<HiddenView> {
  /** Records of the connection that nobody is shown, for whatever cause. */
  records: number;
  /** How many things there are of each cause. */
  counts: Partial<Record<HiddenCause, number>>;
}

/** What a connection hides from everybody, and why; for administrators. */
export interface HiddenService {
  /** By cause, then by id. @throws InvalidInput at `cursor`, `limit` */
  list(
    actor: Actor,
    connectionId: string,
    page?: PageRequest & { cause?: HiddenCause | undefined },
  ): Promise<HiddenPage>;
  /** The first few of each cause. */
  samples(actor: Actor, connectionId: string): Promise<HiddenPage>;
}

const samplesOfEach = 5;
const cursorPattern = /^[1-7]:[^\0]{1,400}$/;

export function createHiddenService({ db }: { db: Kysely<Database> }): HiddenService {
  return {
    async list(actor, connectionId, page) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const after = placeOf(cursorOf(page, cursorPattern));
      const options = { cause: page?.cause ?? null, after, each: limit + 1, limit: limit + 1 };
      const { items, ...rest } = await listHidden(db, connection.id, options);
      const shown = items.slice(0, limit);
      const last = items.length > limit ? shown.at(-1) : undefined;
      return {
        ...rest,
        items: shown.map((row) => present(connection, row)),
        nextCursor: last === undefined ? null : cursorAfter(last),
      };
    },
    async samples(actor, connectionId) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const limit = samplesOfEach * hiddenCauses.length;
      const options = { cause: null, after: null, each: samplesOfEach, limit };
      const { items, ...rest } = await listHidden(db, connection.id, options);
      return { ...rest, items: items.map((row) => present(connection, row)), nextCursor: null };
    },
  };
}

function present({ site_url: siteUrl }: Connection, row: HiddenRow): HiddenView {
  const { cause, key, detail, reason, records, url, ...rest } = row;
  const words = hiddenWords(cause, detail);
  // Confluence opens any content by its id alone.
  const byId = `${siteUrl}/wiki/pages/viewpage.action?pageId=${encodeURIComponent(key)}`;
  return {
    ...rest,
    cause,
    externalId: cause === 'product' ? null : key,
    url: url !== '' || cause === 'space' ? url : byId,
    records: Math.min(records, countedTo),
    more: records > countedTo,
    reason: reason ?? words.reason,
    remedy: words.remedy,
  };
}

function cursorAfter({ cause, key }: HiddenRow): string {
  return Buffer.from(`${hiddenCauses.indexOf(cause) + 1}:${key}`).toString('base64url');
}

function placeOf(cursor: string | null): { cause: HiddenCause; key: string } | null {
  const cause = hiddenCauses[Number(cursor?.slice(0, 1)) - 1];
  return cursor === null || cause === undefined ? null : { cause, key: cursor.slice(2) };
}
