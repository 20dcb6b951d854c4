import { reasonWords } from './reason-words.ts';
import type { Reason } from './reasons.ts';

/** Reasons whose words are a sentence of their own, not the name of what leaves out. */
const sentences: ReadonlySet<Reason> = new Set([
  'indexing.pages',
  'indexing.blogposts',
  'indexing.pageComments',
  'indexing.blogpostComments',
  'indexing.pageAttachments',
  'indexing.blogpostAttachments',
  'container',
]);

/** Why a record is in the state that is told of it, as a sentence without its end; null: there is nothing to say. */
export function stateWords(state: string, reason: Reason | null): string | null {
  if (state === 'pending') return 'It waits for a sync that reads it';
  if (reason === null) return state === 'manual' ? 'Not indexed: by hand only' : null;
  const words = Object.hasOwn(reasonWords, reason) ? reasonWords[reason] : reason;
  if (state === 'manual') return `Not indexed: ${words}`;
  if (state !== 'filtered') return null;
  if (reason === 'scope.labels') return `Left out: it carries ${words}`;
  return sentences.has(reason) ? `Left out: ${words}` : `Left out by ${words}`;
}
