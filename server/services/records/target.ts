import type { RecordFilters } from '../../../search/record-conditions.ts';
import { recordConditions } from '../../../search/record-conditions.ts';
import { InvalidInput, NotFound } from '../../../errors.ts';
import { reachOfChoice } from '../../../store/record-choices.ts';
import { findSelection } from '../../../store/record-selections.ts';
import { eachMatched, type Conditions } from '../../../store/records-matched.ts';
import type { Connection, Db } from '../../../store/schema.ts';
import type { Actor } from '../../actor.ts';
import { recordFilters } from '../../api/record-schemas.ts';
import { idOf } from '../../paging.ts';
import { sql } from 'kysely';

/** Which records somebody means: exactly one of these. */
export interface RecordTarget {
  /** Ids of records. */
  ids?: string[] | undefined;
  /** The id of a record: it and all below it. */
  subtree?: string | undefined;
  /** The key of a space. */
  space?: string | undefined;
  /** The id of a saved selection: what fits it now. */
  selection?: string | undefined;
  /** All that these filters find now. */
  matching?: RecordFilters | undefined;
}

/** What a target comes to. */
export interface ResolvedTarget {
  reach: 'record' | 'subtree' | 'space';
  /** Of the place at the top, the space, or the selection; null: records by themselves. */
  name: string | null;
  /** On `r` and `s`: which records are reached, to be counted; for `matching`, without what hangs on them. */
  conditions: Conditions;
  /** External ids to choose by, in batches. */
  batches(): AsyncIterable<string[]>;
  /** For the audit log. */
  told: Record<string, unknown>;
}

/** @throws InvalidInput unless exactly one way of choosing is used; NotFound for what is not stored */
export async function resolveTarget(
  db: Db,
  actor: Actor,
  connection: Connection,
  target: RecordTarget,
): Promise<ResolvedTarget> {
  const given = Object.entries(target).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    throw new InvalidInput({ ids: 'Give one of "ids", "subtree", "space", "selection" or "matching".' });
  }
  const { ids, subtree, space, selection, matching } = target;
  if (ids !== undefined) return byIds(db, connection.id, ids);
  if (subtree !== undefined) return below(db, connection.id, subtree);
  if (space !== undefined) return inSpace(db, connection.id, space);
  if (matching !== undefined)
    return fitting(db, actor, connection.id, matching, { name: null, told: { matching } });
  const saved = await findSelection(db, connection.id, idOf('This selection', selection ?? ''));
  if (saved === undefined) throw new NotFound('This selection');
  const filters = recordFilters.parse(saved.query);
  return fitting(db, actor, connection.id, filters, { name: saved.name, told: { selection: saved.name } });
}

async function byIds(db: Db, connectionId: string, ids: string[]): Promise<ResolvedTarget> {
  const rows = await recordsOf(db, connectionId, ids);
  if (rows.length === 0) throw new NotFound('None of these records');
  const externalIds = rows.map(({ externalId }) => externalId);
  return {
    reach: 'record',
    name: rows.length === 1 ? (rows[0]?.title ?? null) : null,
    ...named(connectionId, 'record', externalIds),
    told: { records: rows.length },
  };
}

async function below(db: Db, connectionId: string, id: string): Promise<ResolvedTarget> {
  const [top] = await recordsOf(db, connectionId, [id]);
  if (top === undefined) throw new NotFound('This record');
  return {
    reach: 'subtree',
    name: top.title,
    ...named(connectionId, 'subtree', [top.externalId]),
    told: { subtree: top.title, id: top.externalId },
  };
}

async function inSpace(db: Db, connectionId: string, key: string): Promise<ResolvedTarget> {
  const space = await db
    .selectFrom('spaces')
    .select(['external_id', 'name'])
    .where('connection_id', '=', connectionId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (space === undefined) throw new NotFound(`The space ${key}`);
  return {
    reach: 'space',
    name: space.name,
    ...named(connectionId, 'space', [space.external_id]),
    told: { space: key },
  };
}

function fitting(
  db: Db,
  { userId }: Actor,
  connectionId: string,
  filters: RecordFilters,
  said: Pick<ResolvedTarget, 'name' | 'told'>,
): ResolvedTarget {
  const conditions = recordConditions(filters, { viewer: { userId }, everything: true });
  return { reach: 'record', conditions, batches: () => eachMatched(db, connectionId, conditions), ...said };
}

function named(
  connectionId: string,
  reach: ResolvedTarget['reach'],
  externalIds: string[],
): Pick<ResolvedTarget, 'conditions' | 'batches'> {
  return {
    conditions: [reachOfChoice({ connectionId, reach, externalIds })],
    async *batches() {
      yield externalIds;
    },
  };
}

async function recordsOf(db: Db, connectionId: string, ids: readonly string[]) {
  return db
    .selectFrom('records')
    .select(['id', 'external_id as externalId', 'title'])
    .where('connection_id', '=', connectionId)
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .execute();
}
