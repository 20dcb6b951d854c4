import { isDeepStrictEqual } from 'node:util';
import type { Kysely } from 'kysely';
import { SluiceError } from '../../errors.ts';
import { updateConnection } from '../../store/connections.ts';
import type { ConnectionSettings, Database } from '../../store/schema.ts';
import type { Actor } from '../actor.ts';
import type { Settings } from '../settings.ts';
import { admitPermissionSettings } from './admit-settings.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';

/**
 * Stores settings under the connection's lock, so that of two administrators one comes second, and the audit log holds
 * what each of them replaced.
 * @returns what was stored before, and whether anything had ever been
 * @throws SluiceError `settings_changed` (412) where the second one had not seen what the first one stored
 */
export async function saveSettings(
  db: Kysely<Database>,
  actor: Actor,
  connectionId: string,
  settings: Settings,
  expectedVersion?: number,
): Promise<{ before: ConnectionSettings; first: boolean }> {
  return db.transaction().execute(async (tx) => {
    await tx.selectFrom('connections').select('id').where('id', '=', connectionId).forUpdate().execute();
    const before = await existingConnection(tx, connectionId);
    if (expectedVersion !== undefined && expectedVersion !== before.settings_version) {
      const changed = changedParts(before.settings, settings);
      throw new SluiceError(
        'settings_changed',
        `The settings of "${before.name}" were changed meanwhile by somebody else. Look at them, then save yours again.`,
        { status: 412, details: { settingsVersion: before.settings_version, differing: changed } },
      );
    }
    await admitPermissionSettings(tx, before.id, before.settings.permissions, settings.permissions);
    await updateConnection(tx, before.id, {
      settings: JSON.stringify(settings),
      configured_at: before.configured_at ?? new Date(),
    });
    await audit(tx, actor, 'connection.settings', before.name, { before: before.settings, after: settings });
    return { before: before.settings, first: before.configured_at === null };
  });
}

/** In which of the settings' parts two differ, by name. */
function changedParts(stored: ConnectionSettings, wanted: Settings): string[] {
  const [one, other] = [stored, wanted] as Record<string, unknown>[];
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter((name) => !isDeepStrictEqual(one?.[name], other?.[name])).sort();
}
