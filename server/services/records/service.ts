import type { Kysely } from 'kysely';
import { Conflict, SluiceError } from '../../../errors.ts';
import type { Logger } from '../../../log.ts';
import type { Reason } from '../../../scope/reasons.ts';
import { stateWords } from '../../../scope/state-words.ts';
import { loadAccountNames } from '../../../store/accounts.ts';
import { countRecords, listSpaceCounts, type SpaceCounts } from '../../../store/record-counts.ts';
import { loadHistory, noteAskedFor } from '../../../store/record-events.ts';
import { failedStages, readAgain } from '../../../store/records-due.ts';
import type { Database, RecordKind } from '../../../store/schema.ts';
import type { ToldState } from '../../../store/told-state.ts';
import { Forbidden, requireAdministrator, type Actor } from '../../actor.ts';
import type { RunView } from '../../views.ts';
import { audit } from '../audit.ts';
import { existingConnection } from '../connection-rows.ts';
import type { SyncsService } from '../contracts.ts';
import type { FailuresService } from '../failures.ts';
import { startScopeSync } from '../scope-sync.ts';
import { whyUnread, type ReadSite } from '../site-reader.ts';
import { createRecordChoosing, type RecordChoosing } from './choosing.ts';
import { historyWords } from './history-words.ts';
import { createSelectionsService, type SelectionsService } from './selections.ts';

export interface RecordCountsView {
  records: number;
  states: { state: ToldState; records: number }[];
  kinds: { type: RecordKind; records: number; indexed: number }[];
  /** Why what is left out is; most first. */
  reasons: { state: ToldState; reason: Reason; words: string; records: number }[];
}

/** One line of what happened to a record here. */
export interface HistoryView {
  at: string;
  what: string;
  words: string;
  runId: string | null;
}

export interface VersionView {
  number: number;
  at: string;
  author: { accountId: string; name: string } | null;
  message: string;
  minor: boolean;
}

/** What of a record its connection and the audit log need to know. */
export interface AskedRecord {
  externalId: string;
  connectionId: string;
  type: RecordKind;
  title: string;
  readable: boolean;
}

/** What administrators do with records besides looking at them. */
export interface RecordsService extends RecordChoosing {
  selections: SelectionsService;
  counts(actor: Actor, connectionId: string): Promise<RecordCountsView>;
  /** Spaces of which something is stored, by name. */
  spaces(
    actor: Actor,
    connectionId: string,
    options: { after: { name: string; id: string } | null; limit: number },
  ): Promise<SpaceCounts[]>;
  /** Newest first, at most 200 lines. */
  history(actor: Actor, record: AskedRecord): Promise<HistoryView[]>;
  /**
   * Asks the site, once, for the versions of a page or blog post.
   * @throws Forbidden `not_readable` where the administrator may not see the record; Conflict `no_versions` of other kinds;
   * SluiceError `site_unread` (502) in words
   */
  versions(actor: Actor, record: AskedRecord): Promise<{ items: VersionView[]; more: boolean }>;
  /** Tries again what failed of some records. @throws Conflict `not_failed`, and where no sync may start */
  retry(actor: Actor, connectionId: string, ids: readonly string[]): Promise<RunView>;
  /** Reads a record anew though nothing changed. @throws Conflict `not_indexed` */
  readAgain(actor: Actor, record: AskedRecord): Promise<{ run: RunView | null }>;
}

const versionsMs = 10_000;

export function createRecordsService(deps: {
  db: Kysely<Database>;
  syncs: Pick<SyncsService, 'start'>;
  failures: Pick<FailuresService, 'retry'>;
  readSite: ReadSite;
  log: Logger;
}): RecordsService {
  const { db, failures, readSite } = deps;
  return {
    ...createRecordChoosing(deps),
    selections: createSelectionsService(deps),
    async counts(actor, connectionId) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      return presentCounts(await countRecords(db, id));
    },
    async spaces(actor, connectionId, options) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      return listSpaceCounts(db, id, options);
    },
    async history(actor, { connectionId, externalId }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const rows = await loadHistory(db, connection.id, externalId);
      return rows.map((row) => ({
        at: row.at,
        what: row.what,
        words: historyWords(row, connection.account_name),
        runId: row.runId,
      }));
    },
    async versions(actor, { connectionId, externalId, type, readable }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      if (!readable) {
        const message = 'You may not see this record in Atlassian, so its versions are not read for you.';
        throw new Forbidden('not_readable', message);
      }
      if (type !== 'page' && type !== 'blogpost') {
        throw new Conflict('no_versions', 'Versions are listed of pages and blog posts alone.');
      }
      try {
        const { items, more } = await readSite(connection, (site) => site.listVersions(type, externalId), {
          withinMs: versionsMs,
        });
        const authors = [...new Set(items.flatMap(({ authorId }) => authorId ?? []))];
        const names = await loadAccountNames(db, connection.id, authors);
        return {
          items: items.map(({ createdAt, authorId, ...item }) => ({
            ...item,
            at: createdAt.toISOString(),
            author: authorId === null ? null : { accountId: authorId, name: names.get(authorId) ?? '' },
          })),
          more,
        };
      } catch (error) {
        const why = whyUnread(error);
        if (why === null) throw error;
        throw new SluiceError('site_unread', why, { status: 502, cause: error });
      }
    },
    async retry(actor, connectionId, ids) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const items = await failedStages(db, connection.id, ids);
      if (items.length === 0) {
        throw new Conflict('not_failed', 'None of this is failed any more. Load the list again.');
      }
      const externalIds = [...new Set(items.map(({ externalId }) => externalId))];
      await noteAskedFor(db, connection.id, 'retried', externalIds, { by: actor.email });
      return failures.retry(actor, connection.id, { items });
    },
    async readAgain(actor, { connectionId, externalId, title }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      await db.transaction().execute(async (trx) => {
        if (!(await readAgain(trx, connection.id, externalId))) {
          throw new Conflict('not_indexed', 'Only what is indexed, and has a text, can be read again.');
        }
        await noteAskedFor(trx, connection.id, 'read_again', [externalId], { by: actor.email });
        await audit(trx, actor, 'record.read_again', connection.name, {
          after: { record: title, id: externalId },
        });
      });
      return { run: await startScopeSync(deps, actor, connection.id) };
    },
  };
}

function presentCounts(rows: Awaited<ReturnType<typeof countRecords>>): RecordCountsView {
  const sum = <Key extends string>(keyOf: (row: (typeof rows)[number]) => Key) => {
    const sums = new Map<Key, number>();
    for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.records);
    return [...sums].sort(([, one], [, other]) => other - one);
  };
  const indexed = new Map<RecordKind, number>(
    rows.filter(({ state }) => state === 'indexed').map(({ kind, records }) => [kind, records]),
  );
  const reasons = new Map<string, RecordCountsView['reasons'][number]>();
  for (const { state, reason, records } of rows) {
    if (reason === null) continue;
    const key = `${state} ${reason}`;
    const known = reasons.get(key) ?? {
      state,
      reason,
      words: stateWords(state, reason) ?? reason,
      records: 0,
    };
    reasons.set(key, { ...known, records: known.records + records });
  }
  return {
    records: rows.reduce((all, { records }) => all + records, 0),
    states: sum(({ state }) => state).map(([state, records]) => ({ state, records })),
    kinds: sum(({ kind }) => kind).map(([type, records]) => ({
      type,
      records,
      indexed: indexed.get(type) ?? 0,
    })),
    reasons: [...reasons.values()].sort((one, other) => other.records - one.records),
  };
}
