import type { Attachment, Comment, World } from '../../sandbox/world/types.ts';
import type { Truth } from '../oracle/truth.ts';

/**
 * Comments and attachments that were deleted since the last sweep. Confluence tells their deletion nowhere, so until
 * a sweep has missed them they are shown to whoever may see what they hung on, and to nobody else.
 */
export interface Departed {
  note(before: World, after: World): void;
  /** The truth with those in it that still hang somewhere. */
  addTo(truth: Truth): Truth;
  /** A sweep has missed them. */
  clear(): void;
}

export function createDeparted(): Departed {
  const comments = new Map<string, Comment>();
  const attachments = new Map<string, Attachment>();
  return {
    note(before, after) {
      for (const one of goneFrom(before.comments, after.comments)) comments.set(one.id, one);
      for (const one of goneFrom(before.attachments, after.attachments)) attachments.set(one.id, one);
    },
    addTo: (truth) => ({
      ...truth,
      comments: [...truth.comments.filter(({ id }) => !comments.has(id)), ...comments.values()],
      attachments: [...truth.attachments.filter(({ id }) => !attachments.has(id)), ...attachments.values()],
    }),
    clear() {
      comments.clear();
      attachments.clear();
    },
  };
}

function goneFrom<T extends { id: string; status: string }>(before: readonly T[], after: readonly T[]): T[] {
  const here = new Set(after.filter(({ status }) => status === 'current').map(({ id }) => id));
  return before.filter(({ id, status }) => status === 'current' && !here.has(id));
}
