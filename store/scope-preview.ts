import type { Db, RecordKind } from './schema.ts';

/** A stored record as it is shown among examples. */
export interface RecordSample {
  externalId: string;
  kind: RecordKind;
  title: string;
  url: string;
  spaceKey: string | null;
}

/** In the order of `externalIds`. */
export async function loadRecordSamples(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<RecordSample[]> {
  if (externalIds.length === 0) return [];
  const rows = await db
    .selectFrom('records as r')
    .leftJoin('spaces as s', 's.id', 'r.space_id')
    .select(['r.external_id as externalId', 'r.kind', 'r.title', 'r.url', 's.key as spaceKey'])
    .where('r.connection_id', '=', connectionId)
    .where('r.external_id', 'in', [...externalIds])
    .execute();
  const found = new Map(rows.map((row) => [row.externalId, row]));
  return externalIds.flatMap((id) => found.get(id) ?? []);
}

/** The stored spaces by external id, and how many records of each kind there are, shown or not. */
export async function loadStoredScope(
  db: Db,
  connectionId: string,
): Promise<{
  spaces: Map<string, { key: string; type: string; status: string }>;
  kinds: Map<string, number>;
}> {
  const [spaces, kinds] = await Promise.all([
    db
      .selectFrom('spaces')
      .select(['external_id', 'key', 'type', 'status'])
      .where('connection_id', '=', connectionId)
      .execute(),
    db
      .selectFrom('records')
      .select(['kind', (eb) => eb.fn.countAll<string>().as('n')])
      .where('connection_id', '=', connectionId)
      .groupBy('kind')
      .execute(),
  ]);
  return {
    spaces: new Map(spaces.map(({ external_id, ...space }) => [external_id, space])),
    kinds: new Map(kinds.map(({ kind, n }) => [kind, Number(n)])),
  };
}
