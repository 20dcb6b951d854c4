import { isSelective } from '../../scope/decide.ts';
import { loadWanted } from '../../store/scope-wanted.ts';
import type { SyncContext } from '../context.ts';

/**
 * Whether listings bring bodies. Where each page is decided by its own facts, they bring places and metadata, and bodies
 * are read by id of what is wanted alone (load-bodies.ts).
 */
export async function listsBodies({ db, connectionId, connection }: SyncContext): Promise<boolean> {
  return !isSelective(await loadWanted(db, connectionId, connection.settings));
}
