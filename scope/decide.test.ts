import { expect, test } from '@jest/globals';
import { decide, inScopeSpace, isSelective, wantedOf, type Wanted } from './decide.ts';
import type { Facts } from './facts.ts';
import type { FilterSettings, WantedSettings } from './settings.ts';
import type { WantedBeside } from './wanted.ts';

const space = { key: 'DOCS', type: 'global', status: 'current' };
const nothingAbove = { named: false, treeLabel: false, choice: null };

function makeFacts(change: Partial<Facts> = {}): Facts {
  return {
    kind: 'page',
    externalId: '1',
    space,
    labels: [],
    authorId: null,
    createdAt: null,
    modifiedAt: null,
    mediaType: null,
    fileSize: null,
    title: 'A title',
    above: nothingAbove,
    ...change,
  };
}

/** `in`, or the rule that leaves it out, with the state where that is not `filtered`. */
function told(wanted: Wanted, item: Facts, container: Facts | null = null): string {
  const decision = decide(wanted, item, container);
  if (decision.wanted) return 'in';
  return decision.state === 'filtered' ? decision.reason : `${decision.state}: ${decision.reason}`;
}

const by = (settings: WantedSettings, change: Partial<Facts> = {}, beside: WantedBeside = {}) =>
  told(wantedOf(settings, beside), makeFacts(change));
const byFilter = (filters: FilterSettings, change: Partial<Facts> = {}) => by({ filters }, change);
const isIn = (...values: string[]) => ({ operator: 'in' as const, values });
const notIn = (...values: string[]) => ({ operator: 'not_in' as const, values });

test('without settings everything of a current space is wanted, a personal one included', () => {
  expect(by({})).toBe('in');
  expect(by({}, { space: { ...space, type: 'personal' } })).toBe('in');
  for (const kind of ['blogpost', 'folder', 'whiteboard', 'database', 'embed'])
    expect(by({}, { kind })).toBe('in');
});

test.each([
  ['global', 'current', {}, true],
  ['collaboration', 'current', {}, true],
  ['knowledge_base', 'current', {}, true],
  ['personal', 'current', {}, true],
  ['personal', 'current', { personalSpaces: false }, false],
  ['personal', 'current', { by: 'labels' as const }, false],
  ['personal', 'current', { by: 'labels' as const, personalSpaces: true }, true],
  ['global', 'current', { by: 'labels' as const }, true],
  ['global', 'archived', {}, false],
  ['global', 'archived', { archivedSpaces: true }, true],
  ['personal', 'archived', { archivedSpaces: true, personalSpaces: false }, false],
  ['system', 'current', {}, false],
  ['', 'current', {}, false],
  ['global', 'trashed', { archivedSpaces: true }, false],
  ['global', '', { archivedSpaces: true }, false],
])('a space of kind "%s" that is %s is in by %j: %s', (type, status, scope, expected) => {
  const wanted = wantedOf({ scope });
  expect(inScopeSpace(wanted, { key: 'DOCS', type, status })).toBe(expected);
  expect(told(wanted, makeFacts({ labels: ['ai-ingest'], space: { key: 'DOCS', type, status } }))).toBe(
    expected ? 'in' : 'spaceKind',
  );
});

test('space keys are told apart by case, and what is of no space that is known is left out', () => {
  expect(byFilter({ spaceKeys: isIn('DOCS', 'HR') })).toBe('in');
  expect(byFilter({ spaceKeys: isIn('docs') })).toBe('spaceKeys');
  expect(byFilter({ spaceKeys: notIn('docs') })).toBe('in');
  expect(byFilter({ spaceKeys: notIn('DOCS') })).toBe('spaceKeys');
  expect(by({}, { space: null })).toBe('spaceKind');
  expect(inScopeSpace(wantedOf({ filters: { spaceKeys: notIn('HR') } }), { ...space, key: 'HR' })).toBe(
    false,
  );
});

test.each(['page', 'folder', 'whiteboard', 'database', 'embed'])(
  'page ids take in a %s that is named or lies below a named one',
  (kind) => {
    const named = { above: { ...nothingAbove, named: true } };
    expect(byFilter({ pageIds: isIn('9') }, { kind, ...named })).toBe('in');
    expect(byFilter({ pageIds: isIn('9') }, { kind })).toBe('pageIds');
    expect(byFilter({ pageIds: notIn('9') }, { kind, ...named })).toBe('pageIds');
    expect(byFilter({ pageIds: notIn('9') }, { kind })).toBe('in');
  },
);

test('page ids say nothing of blog posts, and ids of blog posts nothing of pages', () => {
  expect(byFilter({ pageIds: isIn('9') }, { kind: 'blogpost' })).toBe('in');
  expect(byFilter({ blogpostIds: isIn('9') })).toBe('in');
  expect(byFilter({ blogpostIds: isIn('9') }, { kind: 'folder' })).toBe('in');
  expect(byFilter({ blogpostIds: isIn('9') }, { kind: 'blogpost' })).toBe('blogpostIds');
  expect(byFilter({ blogpostIds: isIn('9') }, { kind: 'blogpost', externalId: '9' })).toBe('in');
  expect(byFilter({ blogpostIds: notIn('9') }, { kind: 'blogpost', externalId: '9' })).toBe('blogpostIds');
  expect(byFilter({ blogpostIds: notIn('9') }, { kind: 'blogpost' })).toBe('in');
});

test.each([
  [isIn('a', 'b'), ['b', 'c'], 'in'],
  [isIn('a', 'b'), ['c'], 'labels'],
  [isIn('a'), [], 'labels'],
  [isIn('A'), ['a'], 'in'],
  [isIn('a'), ['A'], 'in'],
  [notIn('a', 'b'), ['c'], 'in'],
  [notIn('a', 'b'), ['c', 'b'], 'labels'],
  [notIn('a'), [], 'in'],
])('by labels %j what carries %j is: %s', (labels, carried, expected) => {
  for (const kind of ['page', 'blogpost', 'folder'])
    expect(byFilter({ labels }, { kind, labels: carried })).toBe(expected);
});

test('an author who is not known is in no list', () => {
  expect(byFilter({ authors: isIn('ada') }, { authorId: 'ada' })).toBe('in');
  expect(byFilter({ authors: isIn('ada') }, { authorId: 'Ada' })).toBe('authors');
  expect(byFilter({ authors: isIn('ada') })).toBe('authors');
  expect(byFilter({ authors: notIn('ada') }, { authorId: 'ada' })).toBe('authors');
  expect(byFilter({ authors: notIn('ada') })).toBe('in');
});

const noon = '2026-03-29T12:00:00.000Z';
const one = '2026-03-29T13:00:00.000Z';
test.each([
  [{ operator: 'is_after' as const, from: noon }, [-1, 0], [1, 1e9]],
  [{ operator: 'is_before' as const, to: noon }, [0, 1], [-1, -1e9]],
  [{ operator: 'is_between' as const, from: noon, to: one }, [-1, 3_600_001], [0, 1, 3_599_999, 3_600_000]],
  [{ operator: 'is_between' as const, from: noon, to: noon }, [-1, 1], [0]],
  // The same instants, by another clock.
  [{ operator: 'is_after' as const, from: '2026-03-29T14:00:00.000+02:00' }, [0], [1]],
])('by %j what is so many milliseconds off noon is out: %j, and in: %j', (filter, out, inside) => {
  for (const name of ['created', 'modified'] as const) {
    const at = (offset: number) => ({ [`${name}At`]: Date.parse(noon) + offset });
    for (const offset of out) expect(byFilter({ [name]: filter }, at(offset))).toBe(name);
    for (const offset of inside) expect(byFilter({ [name]: filter }, at(offset))).toBe('in');
    expect(byFilter({ [name]: filter })).toBe(name);
    expect(byFilter({ [name]: filter }, { [`${name}At`]: Number.NaN })).toBe(name);
  }
});

test('the time of creation and that of the last change are two filters', () => {
  const times = { createdAt: Date.parse(noon), modifiedAt: Date.parse(one) };
  const after = { operator: 'is_after' as const, from: noon };
  expect(byFilter({ modified: after }, times)).toBe('in');
  expect(byFilter({ created: after }, times)).toBe('created');
});

const labelled = (labels: string[], treeLabel = false) => ({
  labels,
  above: { ...nothingAbove, treeLabel },
});
test('by labels a page is in that carries the label for a page, or lies where the label for a tree counts', () => {
  const scope = { by: 'labels' as const };
  expect(by({ scope })).toBe('scope.labels');
  expect(by({ scope }, labelled(['ai-ingest']))).toBe('in');
  expect(by({ scope }, labelled(['AI-Ingest']))).toBe('in');
  expect(by({ scope }, labelled([], true))).toBe('in');
  // Of the label for a tree the places above tell, the page itself among them.
  expect(by({ scope }, labelled(['ai-ingest-all']))).toBe('scope.labels');
  expect(by({ scope }, { kind: 'blogpost', ...labelled(['ai-ingest']) })).toBe('in');
  expect(by({ scope }, { kind: 'folder', ...labelled([], true) })).toBe('in');
  expect(by({ scope: { ...scope, pageLabel: 'Mine' } }, labelled(['mine']))).toBe('in');
  expect(by({ scope: { ...scope, pageLabel: 'mine' } }, labelled(['ai-ingest']))).toBe('scope.labels');
  expect(by({ scope: { pageLabel: 'mine' } })).toBe('in');
});

test('filters count on top of labels', () => {
  const settings = { scope: { by: 'labels' as const }, filters: { labels: notIn('draft') } };
  expect(by(settings, labelled(['ai-ingest']))).toBe('in');
  expect(by(settings, labelled(['ai-ingest', 'draft']))).toBe('labels');
});

test('all filters must pass: one that takes in does not make up for one that leaves out', () => {
  const filters = { labels: isIn('a'), authors: notIn('bob'), pageIds: isIn('9') };
  const above = { ...nothingAbove, named: true };
  expect(byFilter(filters, { labels: ['a'], authorId: 'ada', above })).toBe('in');
  expect(byFilter(filters, { labels: ['a'], authorId: 'bob', above })).toBe('authors');
  expect(byFilter(filters, { labels: ['a'], authorId: 'ada' })).toBe('pageIds');
  expect(byFilter(filters, { labels: ['b'], authorId: 'ada', above })).toBe('labels');
});

const page = makeFacts();
const post = makeFacts({ kind: 'blogpost' });
const comment = makeFacts({ kind: 'comment', externalId: 'c' });
const file = makeFacts({ kind: 'attachment', externalId: 'f', mediaType: 'application/pdf', fileSize: 10 });

test('content types judge every kind by itself', () => {
  const pagesOnly = wantedOf({ filters: { contentTypes: isIn('page') } });
  expect(told(pagesOnly, page)).toBe('in');
  expect(told(pagesOnly, post)).toBe('contentTypes');
  expect(told(pagesOnly, comment, page)).toBe('contentTypes');
  const noFolders = wantedOf({ filters: { contentTypes: notIn('folder', 'attachment') } });
  expect(told(noFolders, makeFacts({ kind: 'folder' }))).toBe('contentTypes');
  expect(told(noFolders, comment, page)).toBe('in');
  expect(told(noFolders, file, page)).toBe('contentTypes');
  expect(told(wantedOf({ filters: { contentTypes: isIn('comment') } }), comment, page)).toBe('container');
});

test.each([
  ['pages', page, null, post, null],
  ['blogposts', post, null, page, null],
  ['pageComments', comment, page, comment, post],
  ['blogpostComments', comment, post, comment, page],
  ['pageAttachments', file, page, file, post],
  ['blogpostAttachments', file, post, file, page],
])('what indexing.%s turns off is left out, and nothing else', (name, off, ofOff, on, ofOn) => {
  const wanted = wantedOf({ indexing: { [name]: false } });
  expect(told(wanted, off, ofOff)).toBe(`indexing.${name}`);
  expect(told(wanted, on, ofOn)).toBe('in');
  expect(told(wantedOf({ indexing: { [name]: true } }), off, ofOff)).toBe('in');
});

test('comments and attachments go with their page, whatever they are by themselves', () => {
  const wanted = wantedOf({ filters: { labels: isIn('a'), authors: isIn('ada') } });
  const taken = makeFacts({ labels: ['a'], authorId: 'ada' });
  for (const item of [comment, file]) {
    expect(told(wanted, item, taken)).toBe('in');
    expect(told(wanted, { ...item, labels: ['a'], authorId: 'ada' }, page)).toBe('container');
    expect(told(wantedOf({}), item, null)).toBe('container');
  }
  expect(told(wantedOf({ indexing: { pages: false } }), comment, page)).toBe('container');
});

test('an attachment that the rule for attachments skips is left out, and one that it only links is not', () => {
  const beside = {
    attachments: (facts: { title: string }) => (facts.title === 'no' ? 'skip' : 'link'),
  } as const;
  const wanted = wantedOf({}, beside);
  expect(told(wanted, { ...file, title: 'no' }, page)).toBe('content.attachments');
  expect(told(wanted, file, page)).toBe('in');
  expect(told(wanted, { ...comment, title: 'no' }, page)).toBe('in');
  expect(told(wanted, { ...page, title: 'no' })).toBe('in');
});

const chosen = (choice: boolean | null) => ({ above: { ...nothingAbove, choice } });
test('by hand, only what is chosen is in, and a choice to index does not overrule a filter', () => {
  const manual = { indexing: { mode: 'manual' as const } };
  expect(by(manual)).toBe('manual: notChosen');
  expect(by(manual, chosen(true))).toBe('in');
  expect(by(manual, chosen(false))).toBe('manual: unindexed');
  expect(by({}, chosen(false))).toBe('manual: unindexed');
  expect(by({}, chosen(true))).toBe('in');
  const filters = { labels: isIn('a') };
  expect(by({ ...manual, filters }, chosen(true))).toBe('labels');
  expect(by({ filters }, chosen(false))).toBe('labels');
});

test('what belongs to something that is un-indexed goes with it by hand, and can be un-indexed by itself', () => {
  const wanted = wantedOf({ indexing: { mode: 'manual' } }, { choices: true });
  expect(told(wanted, comment, page)).toBe('manual: container');
  expect(told(wanted, { ...comment, ...chosen(true) }, { ...page, ...chosen(true) })).toBe('in');
  expect(told(wanted, { ...comment, ...chosen(false) }, { ...page, ...chosen(true) })).toBe(
    'manual: unindexed',
  );
  expect(told(wanted, { ...comment, ...chosen(true) }, { ...page, ...chosen(false) })).toBe(
    'manual: container',
  );
});

test('listings must be looked at one by one where something decides by what a page is', () => {
  const time = { operator: 'is_after' as const, from: noon };
  const filters: FilterSettings[] = [
    { pageIds: isIn('1') },
    { blogpostIds: isIn('1') },
    { labels: isIn('1') },
    { authors: notIn('1') },
    { created: time },
    { modified: time },
  ];
  for (const one of filters) expect(isSelective(wantedOf({ filters: one }))).toBe(true);
  expect(isSelective(wantedOf({ scope: { by: 'labels' } }))).toBe(true);
  expect(isSelective(wantedOf({ indexing: { mode: 'manual' } }))).toBe(true);
  expect(isSelective(wantedOf({}, { choices: true }))).toBe(true);
  const whole: WantedSettings = {
    filters: { spaceKeys: isIn('DOCS'), contentTypes: isIn('page') },
    scope: { by: 'filters', archivedSpaces: true, pageLabel: 'x' },
    indexing: { pages: true, pageComments: false, mode: 'automatic' },
  };
  expect(isSelective(wantedOf(whole, { attachments: () => 'skip' }))).toBe(false);
});
