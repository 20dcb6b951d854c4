import type { Kysely } from 'kysely';
import { InvalidInput } from '../../errors.ts';
import { targetsOf } from '../../permissions/audit-targets.ts';
import {
  auditCategories,
  listAuditRecords,
  recordsByTitle,
  type AuditPlace,
  type AuditRecordFilter,
  type AuditRecordRow,
} from '../../store/audit-records-read.ts';
import { loadAuditState } from '../../store/confluence-audit.ts';
import type { Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { byteOrderMark, csvLine } from '../csv.ts';
import { cursorOf, limitOf, pageOf } from '../paging.ts';
import type { Page } from '../views.ts';
import { existingConnection } from './connection-rows.ts';
import type { PageRequest } from './contracts.ts';

/** One record of Confluence's audit log. It names what it is about; only times and the author's account are exact. */
export interface AuditRecordView {
  id: string;
  at: string;
  author: { accountId: string | null; name: string };
  category: string;
  summary: string;
  description: string;
  object: { name: string; objectType: string };
  associated: { name: string; objectType: string }[];
  changed: { name: string; oldValue: string; newValue: string }[];
  remoteAddress: string;
  /** The record here that it is about, where exactly one fits its names. */
  recordId: string | null;
}

export interface AuditLogView {
  state: 'untried' | 'readable' | 'refused';
  /** Why it may not be read, and what to do. */
  message: string | null;
  readUpTo: string | null;
  categories: string[];
}

/** As it comes from an address: times are ISO 8601, or days of UTC, of which `to` is included. Empty texts filter nothing. */
export interface AuditRecordQuery {
  from?: string | undefined;
  to?: string | undefined;
  author?: string | undefined;
  object?: string | undefined;
  category?: string | undefined;
  q?: string | undefined;
}

/** Confluence's own audit log, as far as it was read; for administrators. */
export interface ConfluenceAuditService {
  /** Newest first. @throws InvalidInput at `from`, `to`, `cursor`, `limit` */
  list(
    actor: Actor,
    connectionId: string,
    query?: AuditRecordQuery & PageRequest,
  ): Promise<Page<AuditRecordView>>;
  log(actor: Actor, connectionId: string): Promise<AuditLogView>;
  /** A CSV of all that fits, newest first, in pieces; who asks and what for is checked before the first. */
  export(actor: Actor, connectionId: string, query?: AuditRecordQuery): Promise<AsyncIterable<string>>;
}

/** Records in memory at once while they are exported. */
const exported = 1_000;
const placePattern = /^\d{1,15}\.\d{1,18}$/;

export function createConfluenceAuditService({ db }: { db: Kysely<Database> }): ConfluenceAuditService {
  async function connectionOf(actor: Actor, id: string): Promise<string> {
    requireAdministrator(actor);
    return (await existingConnection(db, id)).id;
  }
  return {
    async list(actor, connectionId, query = {}) {
      const id = await connectionOf(actor, connectionId);
      const limit = limitOf(query);
      const after = placeOf(cursorOf(query, placePattern));
      const rows = await listAuditRecords(db, id, filterOf(query), { after, limit: limit + 1 });
      const links = await linksOf(db, id, rows);
      return pageOf(
        rows,
        limit,
        (row) => `${row.at.getTime()}.${row.id}`,
        (row) => ({ ...row, at: row.at.toISOString(), recordId: links.get(row.id) ?? null }),
      );
    },
    async log(actor, connectionId) {
      const id = await connectionOf(actor, connectionId);
      const [{ state, message, highWater }, categories] = await Promise.all([
        loadAuditState(db, id),
        auditCategories(db, id),
      ]);
      return { state, message, readUpTo: highWater?.toISOString() ?? null, categories };
    },
    async export(actor, connectionId, query = {}) {
      const id = await connectionOf(actor, connectionId);
      return csvOf(db, id, filterOf(query));
    },
  };
}

async function* csvOf(db: Kysely<Database>, connectionId: string, filter: AuditRecordFilter) {
  const head = ['time', 'author', 'author_account_id', 'category', 'summary', 'description'];
  yield (
    byteOrderMark + csvLine([...head, 'object_type', 'object', 'associated', 'changed', 'remote_address'])
  );
  let after: AuditPlace | null = null;
  for (;;) {
    const page = { after, limit: exported };
    const rows: AuditRecordRow[] = await listAuditRecords(db, connectionId, filter, page);
    if (rows.length > 0) yield rows.map(lineOf).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < exported) return;
    after = { at: last.at, id: last.id };
  }
}

function lineOf(row: AuditRecordRow): string {
  const { author, object } = row;
  return csvLine([
    row.at.toISOString(),
    author.name,
    author.accountId,
    row.category,
    row.summary,
    row.description,
    object.objectType,
    object.name,
    row.associated.map(({ name, objectType }) => `${objectType}: ${name}`).join('; '),
    row.changed.map(({ name, oldValue, newValue }) => `${name}: ${oldValue} → ${newValue}`).join('; '),
    row.remoteAddress,
  ]);
}

/** Records here, by the id of the audit record that is about them. */
async function linksOf(
  db: Kysely<Database>,
  connectionId: string,
  rows: readonly AuditRecordRow[],
): Promise<Map<string, string>> {
  const wanted = rows.flatMap((row) =>
    targetsOf(row, []).flatMap((target) => (target.kind === 'content' ? [{ id: row.id, ...target }] : [])),
  );
  const found = await recordsByTitle(db, connectionId, wanted);
  return new Map(
    wanted.flatMap(({ id }, index) => {
      const recordId = found[index] ?? null;
      return recordId === null ? [] : [[id, recordId]];
    }),
  );
}

function placeOf(key: string | null): AuditPlace | null {
  if (key === null) return null;
  const [time, id = ''] = key.split('.');
  return { at: new Date(Number(time)), id };
}

function filterOf(query: AuditRecordQuery): AuditRecordFilter {
  const text = (value: string | undefined) => (value?.trim() === '' ? undefined : value?.trim());
  const before = timeOf('to', text(query.to));
  return {
    from: timeOf('from', text(query.from)),
    // Its last millisecond is included, or its whole day.
    before:
      before === undefined ? undefined : new Date(before.getTime() + (isDay(query.to) ? 86_400_000 : 1)),
    author: text(query.author),
    object: text(query.object),
    category: text(query.category),
    q: text(query.q),
  };
}

const isDay = (value: string | undefined): boolean => /^\d{4}-\d\d-\d\d$/.test(value?.trim() ?? '');

function timeOf(field: string, value: string | undefined): Date | undefined {
  if (value === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  const time = new Date(value);
  // 31 February would be taken for a day in March.
  const exists =
    !Number.isNaN(time.getTime()) &&
    new Date(value.slice(0, 10)).toISOString().startsWith(value.slice(0, 10));
  if (isTime && exists) return time;
  throw new InvalidInput({
    [field]: 'A day such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.',
  });
}
