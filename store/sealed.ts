import { sql } from 'kysely';
import { EncryptionError, type Cipher } from './encryption.ts';
import { sealedColumns, type UnreadableRow } from './reseal.ts';
import type { Db } from './schema.ts';

/** How many stored secrets there are, and those that no key at hand opens. */
export interface SealedSecrets {
  secrets: number;
  unreadable: (Omit<UnreadableRow, 'message'> & { column: string })[];
}

const batch = 500;
const first = '00000000-0000-0000-0000-000000000000';

/** Opens every stored secret once, a batch of rows in memory at a time, and keeps none of them. */
export async function openAllSealed(db: Db, cipher: Cipher): Promise<SealedSecrets> {
  const total: SealedSecrets = { secrets: 0, unreadable: [] };
  for (const [table, columns] of Object.entries(sealedColumns)) {
    const names = sql.join(columns.map((column) => sql.ref(column)));
    for (let after: string | undefined = first; after !== undefined;) {
      const { rows } = await sql<Record<string, Buffer | null> & { id: string }>`
        select id, ${names} from ${sql.table(table)} where id > ${after}::uuid order by id limit ${batch}`.execute(
        db,
      );
      for (const row of rows) {
        for (const column of columns) {
          const envelope = row[column] ?? null;
          // A row that is being made holds nothing yet.
          if (envelope === null || envelope.length === 0) continue;
          total.secrets += 1;
          try {
            cipher.open(envelope, { table, row: row.id, column });
          } catch (error) {
            if (!(error instanceof EncryptionError)) throw error;
            total.unreadable.push({ table, row: row.id, column, code: error.code });
          }
        }
      }
      after = rows.length < batch ? undefined : rows.at(-1)?.id;
    }
  }
  return total;
}
