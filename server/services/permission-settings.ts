import type { Kysely } from 'kysely';
import { Conflict, InvalidInput } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { updateConnection } from '../../store/connections.ts';
import type { Database, Role } from '../../store/schema.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { permissionsSchema, type PermissionSettings } from '../settings.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import { admitPermissionSettings } from './admit-settings.ts';

/** How permissions are read, and what the groups of a site mean here. Every change keeps all other settings. */
export interface PermissionSettingsService {
  /** @throws InvalidInput at intervalMinutes, comparedPairs or anonymousAccess */
  saveReading(
    actor: Actor,
    connectionId: string,
    input: Required<Pick<PermissionSettings, 'intervalMinutes' | 'comparedPairs' | 'anonymousAccess'>>,
  ): Promise<void>;
  /** `role` null takes the mapping away. */
  setGroupRole(actor: Actor, connectionId: string, groupId: string, role: Role | null): Promise<void>;
  /** Makes the audience where there is none of that name. */
  addToAudience(actor: Actor, connectionId: string, name: string, groupId: string): Promise<void>;
  /** With its last group the audience goes. */
  removeFromAudience(actor: Actor, connectionId: string, name: string, groupId: string): Promise<void>;
  renameAudience(actor: Actor, connectionId: string, name: string, newName: string): Promise<void>;
  removeAudience(actor: Actor, connectionId: string, name: string): Promise<void>;
}

export function createPermissionSettingsService(deps: {
  db: Kysely<Database>;
  engine: SyncEngine;
  log: Logger;
}): PermissionSettingsService {
  const { db, engine, log } = deps;

  /** Reads, changes and stores under the connection's lock: two administrators do not undo each other. */
  const change = async (
    actor: Actor,
    connectionId: string,
    action: string,
    patch: (before: PermissionSettings) => PermissionSettings,
  ): Promise<void> => {
    requireAdministrator(actor);
    const { id } = await existingConnection(db, connectionId);
    const moved = await db.transaction().execute(async (tx) => {
      await tx.selectFrom('connections').select('id').where('id', '=', id).forUpdate().execute();
      const connection = await existingConnection(tx, id);
      if (connection.authorized_at === null) {
        throw new Conflict('not_ready', `"${connection.name}" is not authorized yet. Authorize it first.`);
      }
      const before = permissionsSchema.parse(connection.settings.permissions ?? {});
      const after = valid(patch(before));
      await admitPermissionSettings(tx, id, before, after);
      const settings = { ...connection.settings, permissions: after };
      await updateConnection(tx, id, { settings: JSON.stringify(settings) });
      await audit(tx, actor, action, connection.name, changedParts(before, after));
      return before.intervalMinutes !== after.intervalMinutes;
    });
    if (!moved) return;
    await engine.applySchedule(id).catch((error: unknown) => {
      log.warn({ connectionId: id, reason: String(error) }, 'The schedule could not be applied yet.');
    });
  };

  return {
    saveReading: (actor, id, input) =>
      change(actor, id, 'permissions.reading', (before) => ({ ...before, ...input })),
    setGroupRole: (actor, id, groupId, role) =>
      change(actor, id, 'permissions.group_role', (before) => {
        const others = Object.entries(before.groupRoles ?? {}).filter(([other]) => other !== groupId);
        const own: [string, Role][] = role === null ? [] : [[groupId, role]];
        return { ...before, groupRoles: Object.fromEntries([...others, ...own]) };
      }),
    addToAudience: (actor, id, given, groupId) =>
      change(actor, id, 'permissions.audience', (before) => {
        const audiences = Object.entries(before.audiences ?? {});
        const name = audiences.find(([other]) => other.toLowerCase() === given.toLowerCase())?.[0] ?? given;
        const groups = new Set([...(before.audiences?.[name] ?? []), groupId]);
        return { ...before, audiences: { ...before.audiences, [name]: [...groups] } };
      }),
    removeFromAudience: (actor, id, name, groupId) =>
      change(actor, id, 'permissions.audience', (before) =>
        withAudiences(before, (entries) =>
          entries
            .map(([each, groups]): [string, string[]] => [
              each,
              each === name ? groups.filter((group) => group !== groupId) : groups,
            ])
            .filter(([, groups]) => groups.length > 0),
        ),
      ),
    renameAudience: (actor, id, name, newName) =>
      change(actor, id, 'permissions.audience', (before) => {
        const taken = Object.keys(before.audiences ?? {}).some(
          (other) => other !== name && other.toLowerCase() === newName.toLowerCase(),
        );
        if (taken) throw new InvalidInput({ newName: `There is an audience "${newName}" already.` });
        return withAudiences(before, (entries) =>
          entries.map(([each, groups]) => [each === name ? newName : each, groups]),
        );
      }),
    removeAudience: (actor, id, name) =>
      change(actor, id, 'permissions.audience', (before) =>
        withAudiences(before, (entries) => entries.filter(([each]) => each !== name)),
      ),
  };
}

function withAudiences(
  before: PermissionSettings,
  patch: (entries: [string, string[]][]) => [string, string[]][],
): PermissionSettings {
  return { ...before, audiences: Object.fromEntries(patch(Object.entries(before.audiences ?? {}))) };
}

/** @throws InvalidInput naming each field as the settings have it */
function valid(given: PermissionSettings): PermissionSettings {
  const parsed = permissionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message])),
  );
}

/** For the audit log: only what differs. */
function changedParts(before: PermissionSettings, after: PermissionSettings) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof PermissionSettings)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const part = (from: PermissionSettings) =>
    Object.fromEntries(changed.map((name) => [name, from[name] ?? null]));
  return { before: part(before), after: part(after) };
}
