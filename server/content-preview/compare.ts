import { diffLines, diffWordsWithSpace } from 'diff';

/** A piece of two texts: in both, in the first alone, or in the second alone. */
export interface Change {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Changed lines, and changed words within lines, up to which pieces are told apart: more would take long to find. */
const mostEdits = 500;

/**
 * What two texts differ in: whole lines, and where lines stand in each other's place, words. Joined without what was
 * added the pieces are the first text, without what was removed the second. Texts that have next to nothing in common
 * come back whole.
 */
export function compare(before: string, after: string): Change[] {
  const lines = diffLines(before, after, { maxEditLength: mostEdits });
  if (lines === undefined) return whole(before, after);
  const changes: Change[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [one, next] = [lines[at]!, lines[at + 1]];
    if (one.removed && next?.added === true) {
      changes.push(...withinLines(one.value, next.value));
      at++;
    } else changes.push({ kind: one.added ? 'added' : one.removed ? 'removed' : 'same', text: one.value });
  }
  return changes;
}

function withinLines(before: string, after: string): Change[] {
  const words = diffWordsWithSpace(before, after, { maxEditLength: mostEdits });
  if (words === undefined) return whole(before, after);
  return words.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

function whole(before: string, after: string): Change[] {
  const changes: Change[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
  return changes.filter(({ text }) => text !== '');
}
