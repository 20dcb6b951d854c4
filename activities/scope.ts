import { createHash } from 'node:crypto';
import { inScopeSpace, wantedOf, type Wanted } from '../scope/decide.ts';
import type { Connection, Space } from '../store/schema.ts';

/** Spaces asked for in one listing: Confluence v2 `space-id` takes 100 at most. */
const spacesPerListing = 100;

/** Characters of space keys in one CQL query, which travels in a URL; personal keys are 30 to 60 long. */
const keysPerQuery = 3_000;

/** What tells whether a space is in scope. */
export interface SpaceFacts {
  key: string;
  type: string;
  status: string;
}

/** Settings are asked about each of a site's spaces, and compiled once. */
const compiled = new WeakMap<Connection['settings'], Wanted>();

/** Whether a connection's settings take in a space. A kind or status that is not known to us is left out. */
export function inScope(settings: Connection['settings'], space: SpaceFacts): boolean {
  let wanted = compiled.get(settings);
  if (wanted === undefined) compiled.set(settings, (wanted = wantedOf(settings)));
  return inScopeSpace(wanted, space);
}

/** Whether the settings leave a space out that the site has as it was: an archived one is left out by the site's word. */
export function isLeftBySettings(settings: Connection['settings'], space: SpaceFacts): boolean {
  const withoutFilters = { scope: { ...settings.scope, personalSpaces: true } };
  return !inScope(settings, space) && inScope(withoutFilters, space);
}

/** Space keys that one listing of spaces may name: Confluence v2 takes 250. */
const keysPerListing = 250;

/** The keys of the spaces that alone can be in scope, where they are few enough to ask for them; null: ask for all. */
export function keysToAsk({ filters }: Connection['settings']): string[] | null {
  const named = filters?.spaceKeys;
  if (named?.operator !== 'in' || named.values.length === 0) return null;
  const keys = [...new Set(named.values)];
  const length = keys.reduce((sum, key) => sum + encodeURIComponent(key).length + '&keys='.length, 0);
  return keys.length <= keysPerListing && length <= keysPerQuery ? keys : null;
}

export interface Partition {
  /**
   * Name of the checkpoint's scope. It tells which spaces the listing is of: where others are in scope by now, or one
   * came, a listing that would leave some out is not taken for this one.
   */
  name: string;
  spaceIds: string[];
  spaceKeys: string[];
}

/**
 * Cuts the spaces of a run into listings that fit a URL, and into at least `parts` where there are spaces enough.
 * Parts are cut in a stable order, so that a resumed run finds its checkpoints again.
 */
export function partition(spaces: readonly Pick<Space, 'external_id' | 'key'>[], parts = 1): Partition[] {
  const most = Math.min(spacesPerListing, Math.ceil(spaces.length / parts));
  const partitions: Partition[] = [];
  let keysLength = 0;
  for (const space of spaces) {
    const last = partitions.at(-1);
    keysLength += space.key.length + 3;
    if (last !== undefined && last.spaceIds.length < most && keysLength <= keysPerQuery) {
      last.spaceIds.push(space.external_id);
      last.spaceKeys.push(space.key);
    } else {
      keysLength = space.key.length + 3;
      partitions.push({
        name: '',
        spaceIds: [space.external_id],
        spaceKeys: [space.key],
      });
    }
  }
  return partitions.map((part) => ({ ...part, name: nameOf(part.spaceIds) }));
}

function nameOf(spaceIds: readonly string[]): string {
  const digest = createHash('sha256').update(spaceIds.join(' ')).digest('base64url').slice(0, 12);
  return `spaces from ${spaceIds[0]}, ${spaceIds.length} of them (${digest})`;
}
