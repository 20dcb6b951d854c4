import type { PlannedPart, SpaceSize } from '../../store/sweep-parts.ts';

/** A space of more pages is a part of its own: no part may take longer than its share of the budget allows in a day. */
const largeSpace = 2_500;

/** v2 `space-id` takes 100 at most, so spaces are gathered by the hundreds of our own ids, which never change. */
const spacesPerListing = 100;

const wholeSite = ['footer', 'inline', 'attachments'] as const;

/** Cuts a site into parts that are listed one after the other, each by one listing. Pure. */
export function cutParts(spaces: readonly SpaceSize[]): PlannedPart[] {
  const parts = new Map<string, PlannedPart>();
  const gather = (part: string, kind: PlannedPart['kind'], externalId: string) => {
    const known = parts.get(part);
    if (known === undefined) parts.set(part, { part, kind, spaceIds: [externalId] });
    else known.spaceIds.push(externalId);
  };
  for (const { id, externalId, pages } of spaces) {
    const lot = String(BigInt(id) / BigInt(spacesPerListing));
    gather(pages > largeSpace ? `pages of ${externalId}` : `pages of lot ${lot}`, 'pages', externalId);
    gather(`posts of lot ${lot}`, 'posts', externalId);
  }
  return [
    { part: 'spaces', kind: 'spaces', spaceIds: [] },
    ...parts.values(),
    ...wholeSite.map((kind): PlannedPart => ({ part: kind, kind, spaceIds: [] })),
  ];
}
