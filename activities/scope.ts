import { createHash } from 'node:crypto';
import type { Connection, Space } from '../store/schema.ts';

/** Spaces asked for in one listing: Confluence v2 `space-id` takes 100 at most. */
const spacesPerListing = 100;

/** Characters of space keys in one CQL query, which travels in a URL; personal keys are 30 to 60 long. */
const keysPerQuery = 3_000;

/** Whether a connection's settings take in a space. A kind or status that is not known to us is left out. */
export function inScope(settings: Connection['settings'], space: { type: string; status: string }): boolean {
  const scope = settings.scope ?? {};
  const status = space.status === 'current' || (space.status === 'archived' && scope.archivedSpaces === true);
  const type =
    ['global', 'collaboration', 'knowledge_base'].includes(space.type) ||
    (space.type === 'personal' && scope.personalSpaces !== false);
  return status && type;
}

/** Whether the settings leave a space out that the site has as it was: an archived one is left out by the site's word. */
export function isLeftBySettings(
  settings: Connection['settings'],
  space: { type: string; status: string },
): boolean {
  const withPersonal = { scope: { ...settings.scope, personalSpaces: true } };
  return !inScope(settings, space) && inScope(withPersonal, space);
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
export function partition(spaces: readonly Space[], parts = 1): Partition[] {
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
