import { NotFound } from '../../errors.ts';
import { findConnection } from '../../store/connections.ts';
import type { Connection, Db } from '../../store/schema.ts';
import { idOf } from '../paging.ts';

/** Where a connection's API token is sealed. */
export const apiTokenPlace = (id: string) => ({ table: 'connections', row: id, column: 'api_token' });

/** @throws NotFound */
export async function existingConnection(db: Db, id: string): Promise<Connection> {
  const connection = await findConnection(db, idOf('This connection', id));
  if (connection === undefined) throw new NotFound('This connection');
  return connection;
}
