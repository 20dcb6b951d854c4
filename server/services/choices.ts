import type { Kysely } from 'kysely';
import { findKnownAccounts, type KnownAccount } from '../../store/filter-values.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { Conflict } from '../../errors.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { existingConnection } from './connection-rows.ts';
import { createSiteLookup, type Lists, type LookupView } from './site-lookup.ts';
import type { ReadSite } from './site-reader.ts';
import { createSpaceChoices, type SpaceChoices } from './space-choices.ts';

/** What there is to choose from where a connection's records are configured, and whether what was entered is there. */
export interface ChoicesService {
  /** @throws Conflict `not_ready` before the connection is authorized */
  spaces(
    actor: Actor,
    connectionId: string,
    search: { named: string; after?: number; limit: number },
  ): Promise<SpaceChoices>;
  /** People of the site as the last permission sync has them. */
  authors(
    actor: Actor,
    connectionId: string,
    search: { named: string; limit: number },
  ): Promise<KnownAccount[]>;
  /** Names the values that the connection's account cannot find on the site. */
  lookUp(actor: Actor, connectionId: string, lists: Lists): Promise<LookupView>;
}

export function createChoicesService(deps: { db: Kysely<Database>; readSite: ReadSite }): ChoicesService {
  const { db } = deps;
  const lookUp = createSiteLookup(deps);
  const findSpaces = createSpaceChoices(deps);
  const authorized = async (actor: Actor, id: string): Promise<Connection> => {
    requireAdministrator(actor);
    const connection = await existingConnection(db, id);
    if (connection.authorized_at !== null) return connection;
    const message = `"${connection.name}" is not authorized yet. Complete the Authorize tab first.`;
    throw new Conflict('not_ready', message);
  };
  return {
    async spaces(actor, connectionId, { named, after = 0, limit }) {
      return findSpaces(await authorized(actor, connectionId), { named, after, limit });
    },
    async authors(actor, connectionId, { named, limit }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      return findKnownAccounts(db, connection.id, { named: named.trim(), limit });
    },
    async lookUp(actor, connectionId, lists) {
      return lookUp(await authorized(actor, connectionId), lists);
    },
  };
}
