import { kindsRead } from '../../scope/kinds.ts';
import { createHash } from 'node:crypto';
import { leavesOut, wantedOf } from '../../scope/decide.ts';
import type { ConnectionSettings } from '../../store/schema.ts';
import type { SteeringFacts } from '../../store/steering.ts';
import { windowState } from '../sync-window.ts';

/** How a run stands, by what its connection is and wants now. */
export type Standing =
  | { is: 'go' }
  /** It keeps its place, until somebody resumes or, where a time is told (ISO 8601), until then. */
  | { is: 'rest'; why: 'paused' | 'outside_hours'; until: string | null }
  /** Something else is in scope than when its reading began, or it rested long: its phases begin again. */
  | { is: 'again' }
  /** The connection is disabled, taken apart or gone. */
  | { is: 'stop' }
  /** The credential is dead: no request more, whatever this run was doing. */
  | { is: 'dead'; cause: string; message: string };

/** What a run's reading is of. */
export interface ReadingScope {
  archivedSpaces: boolean;
  personalSpaces: boolean;
  /** Which spaces and kinds are listed besides, in short; absent: all. */
  listed?: string;
  /** By which rules each record is decided, in short; absent: by none. */
  rules?: string;
}

/** The part of the settings that decides what is listed and what of it is wanted, whatever words it is set in. */
export function readingScope(settings: ConnectionSettings): ReadingScope {
  const { archivedSpaces, personalSpaces, spaceKeys, ...wanted } = wantedOf(settings);
  const reads = kindsRead(settings);
  const listsAll = spaceKeys === null && Object.values(reads).every(Boolean);
  return {
    archivedSpaces,
    personalSpaces,
    ...(listsAll ? {} : { listed: inShort({ spaceKeys, reads }) }),
    ...(leavesOut(wantedOf(settings)) ? { rules: inShort(wanted) } : {}),
  };
}

/** Whether two scopes list the same: what differs then is decided anew, of what is listed already. */
export function listsTheSame(one: Record<string, unknown>, other: ReadingScope): boolean {
  return isSameScope({ ...one, rules: undefined }, { ...other, rules: undefined });
}

function inShort(value: unknown): string {
  const told = JSON.stringify(value, (_name, each: unknown) =>
    each instanceof Set ? [...(each as Set<string>)].sort() : each,
  );
  return createHash('sha256').update(told).digest('base64url').slice(0, 16);
}

/**
 * Pure. A sync of permissions only asks whether its connection lives: it goes on while content is paused, at any hour,
 * and reads what is stored, whatever the scope.
 */
export function standingOf(facts: SteeringFacts | undefined, at: Date): Standing {
  if (facts === undefined) return { is: 'stop' };
  const { kind, status, settings, trigger } = facts;
  if (status === 'needs_reauth') {
    const message = facts.statusMessage ?? 'The connection must be authorized again.';
    return { is: 'dead', cause: facts.statusCause ?? 'needs_reauth', message };
  }
  if (status === 'draft' || status === 'disabled' || status === 'disconnecting') return { is: 'stop' };
  if (kind === 'permissions') return { is: 'go' };
  if (status === 'paused') return { is: 'rest', why: 'paused', until: null };
  // A dry run decides by the settings that it began with.
  if (kind !== 'dry_run' && !standsInScope(facts)) return { is: 'again' };
  const hours = trigger === 'schedule' ? hoursOf(settings, at) : null;
  if (hours !== null && !hours.open) {
    return { is: 'rest', why: 'outside_hours', until: hours.changesAt.toISOString() };
  }
  return { is: 'go' };
}

/** Whether what a run has read, if anything, is of the spaces that are in scope now. */
export function standsInScope({ scope, settings }: Pick<SteeringFacts, 'scope' | 'settings'>): boolean {
  return scope === null || isSameScope(scope, { ...readingScope(settings) });
}

function isSameScope(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** null: any hour. */
function hoursOf(settings: ConnectionSettings, at: Date): { open: boolean; changesAt: Date } | null {
  const { window, timezone } = settings.sync ?? {};
  if (window === undefined) return null;
  try {
    return windowState(window, timezone, at);
  } catch (error) {
    // Hours that never change are no hours.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
