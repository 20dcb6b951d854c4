import type { Facts } from './facts.ts';
import type { Reason } from './reasons.ts';
import type { ListTest, TimeTest, Wanted } from './wanted.ts';

export { isSelective, leavesOut, wantedOf, type Wanted } from './wanted.ts';

/** `filtered`: by the settings; `manual`: by what somebody chose, or did not choose, by hand. */
export type Decision = { wanted: true } | { wanted: false; state: 'filtered' | 'manual'; reason: Reason };

const taken: Decision = { wanted: true };
const filtered = (reason: Reason): Decision => ({ wanted: false, state: 'filtered', reason });
const manual = (reason: Reason): Decision => ({ wanted: false, state: 'manual', reason });

/**
 * Whether a record is wanted, and else by which rule it is left out: the first of scope/reasons.ts that does. Everything
 * that decides asks here.
 * @param container facts of the page or blog post that a comment or attachment belongs to; null of everything else,
 *   and where it is not known: then the comment or attachment is left out with it
 */
export function decide(wanted: Wanted, item: Facts, container: Facts | null): Decision {
  const space = spaceReason(wanted, item.space);
  if (space !== null) return filtered(space);
  if (!passes(wanted.contentTypes, item.kind)) return filtered('contentTypes');
  if (item.kind === 'comment' || item.kind === 'attachment') return decideDiscussion(wanted, item, container);
  if (item.kind === 'page' && !wanted.pages) return filtered('indexing.pages');
  if (item.kind === 'blogpost' && !wanted.blogposts) return filtered('indexing.blogposts');
  const reason = contentReason(wanted, item);
  if (reason !== null) return filtered(reason);
  return decideByHand(wanted, item);
}

/** Whether the settings take in a space. A kind or a status that is not known to us is left out. */
export function inScopeSpace(wanted: Wanted, space: { key: string; type: string; status: string }): boolean {
  return spaceReason(wanted, space) === null;
}

/** The rule that leaves a space out; null: none does. A space that is not known is left out. */
export function spaceReason(wanted: Wanted, space: Facts['space']): Reason | null {
  if (space === null) return 'spaceKind';
  const status = space.status === 'current' || (space.status === 'archived' && wanted.archivedSpaces);
  const type =
    ['global', 'collaboration', 'knowledge_base'].includes(space.type) ||
    (space.type === 'personal' && wanted.personalSpaces);
  if (!status || !type) return 'spaceKind';
  return passes(wanted.spaceKeys, space.key) ? null : 'spaceKeys';
}

/** The filter that leaves a page, a blog post or another place of the tree out. */
function contentReason(wanted: Wanted, { kind, externalId, above, ...item }: Facts): Reason | null {
  const labels = item.labels.map((label) => label.toLowerCase());
  const { byLabels, pageIds, blogpostIds } = wanted;
  if (byLabels !== null && !above.treeLabel && !labels.includes(byLabels.pageLabel)) return 'scope.labels';
  if (kind === 'blogpost') {
    if (!passes(blogpostIds, externalId)) return 'blogpostIds';
  } else if (pageIds !== null && pageIds.in !== above.named) return 'pageIds';
  if (!passesAny(wanted.labels, labels)) return 'labels';
  if (!passes(wanted.authors, item.authorId)) return 'authors';
  if (!isWithin(wanted.created, item.createdAt)) return 'created';
  if (!isWithin(wanted.modified, item.modifiedAt)) return 'modified';
  return null;
}

/** Comments and attachments have toggles and the attachments' rule of their own; in all else they go with their page. */
function decideDiscussion(wanted: Wanted, item: Facts, container: Facts | null): Decision {
  if (container === null) return filtered('container');
  const toggle = toggleOf(item.kind, container.kind);
  if (!wanted[toggle]) return filtered(`indexing.${toggle}`);
  if (item.kind === 'attachment' && wanted.attachments?.(item) === 'skip')
    return filtered('content.attachments');
  const of = decide(wanted, container, null);
  if (!of.wanted) return { ...of, reason: 'container' };
  return decideByHand(wanted, item);
}

function toggleOf(kind: 'comment' | 'attachment' | (string & {}), containerKind: string) {
  if (containerKind === 'blogpost') return kind === 'comment' ? 'blogpostComments' : 'blogpostAttachments';
  return kind === 'comment' ? 'pageComments' : 'pageAttachments';
}

function decideByHand(wanted: Wanted, { above: { choice } }: Facts): Decision {
  if (choice === false) return manual('unindexed');
  return wanted.manual && choice === null ? manual('notChosen') : taken;
}

/** What is not known is in no list. */
function passes(test: ListTest | null, value: string | null): boolean {
  return test === null || test.in === (value !== null && test.values.has(value));
}

function passesAny(test: ListTest | null, values: readonly string[]): boolean {
  return test === null || test.in === values.some((value) => test.values.has(value));
}

/** What is not known is in no window. */
function isWithin(test: TimeTest | null, at: number | null): boolean {
  if (test === null) return true;
  if (at === null || Number.isNaN(at)) return false;
  const { from, to, ends } = test;
  return ends ? from! <= at && at <= to! : (from === null || at > from) && (to === null || at < to);
}
