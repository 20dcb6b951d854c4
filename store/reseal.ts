import { sql, type Kysely } from 'kysely';
import { EncryptionError, keyIdOf, type Cipher } from './encryption.ts';
import type { Database, Db } from './schema.ts';

/** Every column that holds an envelope. A test compares this with the columns of type bytea. */
export const sealedColumns: Readonly<Record<string, readonly string[]>> = {
  oauth_apps: ['client_secret'],
  grants: ['access_token', 'refresh_token', 'previous_refresh_token'],
  connections: ['api_token'],
  notice_targets: ['secret'],
};

const batch = 200;

/** A row with a secret that no key at hand opens, and what was said. */
export interface UnreadableRow {
  table: string;
  row: string;
  code: string;
  message: string;
}

export interface Resealed {
  /** Secrets that are sealed with the current key now and were not before. */
  sealed: number;
  /** Left as they are. */
  unreadable: UnreadableRow[];
}

type Row = Record<string, Buffer | null> & { id: string };

/**
 * Seals every stored secret with the current key while all else goes on: rows are read in batches, and one at a time is
 * locked, so that a refresh waits for no more than the writing of its own row. Of two processes that do this at once,
 * the second finds nothing to do.
 */
export async function resealAll(
  db: Kysely<Database>,
  cipher: Cipher,
  currentKeyId: string,
): Promise<Resealed> {
  const total: Resealed = { sealed: 0, unreadable: [] };
  for (const [table, columns] of Object.entries(sealedColumns)) {
    let after: string | undefined = '00000000-0000-0000-0000-000000000000';
    while (after !== undefined) {
      const rows: Row[] = await readRows(
        db,
        table,
        columns,
        sql`id > ${after}::uuid order by id limit ${batch}`,
      );
      const stale = rows.filter((row) =>
        columns.some(
          (column) =>
            (row[column]?.length ?? 0) > 0 && keyIdOf(row[column] ?? Buffer.alloc(0)) !== currentKeyId,
        ),
      );
      for (const { id } of stale) {
        await db
          .transaction()
          .execute((trx) => resealRow(trx, cipher, { table, columns, currentKeyId, id }, total));
      }
      after = rows.length < batch ? undefined : rows.at(-1)?.id;
    }
  }
  return total;
}

async function readRows(
  db: Db,
  table: string,
  columns: readonly string[],
  which: ReturnType<typeof sql>,
): Promise<Row[]> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const { rows } = await sql<Row>`select id, ${names} from ${sql.table(table)} where ${which}`.execute(db);
  return rows;
}

async function resealRow(
  trx: Db,
  cipher: Cipher,
  of: { table: string; columns: readonly string[]; currentKeyId: string; id: string },
  total: Resealed,
): Promise<void> {
  const { table, columns, currentKeyId, id } = of;
  const [row] = await readRows(trx, table, columns, sql`id = ${id}::uuid for update`);
  if (row === undefined) return;
  const changed: [column: string, envelope: Buffer][] = [];
  let failure: EncryptionError | null = null;
  for (const column of columns) {
    const envelope = row[column] ?? null;
    // A row that is being made holds nothing yet.
    if (envelope === null || envelope.length === 0 || keyIdOf(envelope) === currentKeyId) continue;
    const place = { table, row: id, column };
    try {
      changed.push([column, cipher.seal(cipher.open(envelope, place), place)]);
    } catch (error) {
      if (!(error instanceof EncryptionError)) throw error;
      failure = error;
    }
  }
  if (failure !== null) {
    total.unreadable.push({ table, row: id, code: failure.code, message: failure.message });
  }
  if (changed.length === 0) return;
  const cells = sql.join(changed.map(([column, envelope]) => sql`${sql.ref(column)} = ${envelope}`));
  await sql`update ${sql.table(table)} set ${cells} where id = ${id}::uuid`.execute(trx);
  total.sealed += changed.length;
}
