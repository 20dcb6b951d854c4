import type { ListedKind } from '../../scope/kinds.ts';
import {
  lotOf,
  partNames,
  type PlannedPart,
  type SpaceSize,
  type SweepKind,
} from '../../store/sweep-parts.ts';

/** A space of more pages is a part of its own: no part may take longer than its share of the budget allows in a day. */
const largeSpace = 2_500;

const wholeSite = ['footer', 'inline', 'attachments'] as const;

/**
 * Cuts a site into parts that are listed one after the other, each by one listing. Pure.
 * @param repliesAreListed the listings of comments hold replies; else these are a part of their own
 * @param reads kinds that the settings ask for; of others there is no part
 */
export function cutParts(
  spaces: readonly SpaceSize[],
  { repliesAreListed, reads }: { repliesAreListed: boolean; reads: Record<ListedKind, boolean> },
): PlannedPart[] {
  const parts = new Map<string, PlannedPart>();
  const gather = (part: string, kind: PlannedPart['kind'], externalId: string) => {
    const known = parts.get(part);
    if (known === undefined) parts.set(part, { part, kind, spaceIds: [externalId] });
    else known.spaceIds.push(externalId);
  };
  for (const { id, externalId, pages } of spaces) {
    const lot = lotOf(id);
    const { pagesOfSpace, pagesOfLot, postsOfLot } = partNames;
    gather(pages > largeSpace ? pagesOfSpace(externalId) : pagesOfLot(lot), 'pages', externalId);
    gather(postsOfLot(lot), 'posts', externalId);
  }
  const all: PlannedPart[] = [
    { part: 'spaces', kind: 'spaces', spaceIds: [] },
    ...parts.values(),
    ...[...wholeSite, ...(repliesAreListed ? [] : (['replies'] as const))].map((kind): PlannedPart => ({
      part: kind,
      kind,
      spaceIds: [],
    })),
  ];
  return all.filter(({ kind }) => isSwept(kind, reads));
}

export const sweepKinds: readonly SweepKind[] = ['spaces', 'pages', 'posts', ...wholeSite, 'replies'];

/** Whether anything of a part's kind is asked for. */
export function isSwept(kind: SweepKind, reads: Record<ListedKind, boolean>): boolean {
  switch (kind) {
    case 'spaces':
      return true;
    case 'pages':
      return reads.page;
    case 'posts':
      return reads.blogpost;
    case 'attachments':
      return reads.attachment;
    default:
      return reads.comment;
  }
}
