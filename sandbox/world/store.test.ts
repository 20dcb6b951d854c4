import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld, SMALL } from './small.ts';
import { createWorldStore } from './store.ts';
import type { WorldStore } from './store.ts';

const at = new Date('2026-06-01T12:00:00.000Z');

test('a new version takes its time from the clock and keeps the one before it', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  const page = store.updateContent('2002', { body: '<p>new</p>', authorId: SMALL.mia, message: 'why' });
  expect(page.version).toEqual({
    number: 2,
    createdAt: at.toISOString(),
    authorId: SMALL.mia,
    message: 'why',
    minorEdit: false,
  });
  expect(page.history).toHaveLength(1);
});

test('labels, restrictions and moves leave version and modified time alone', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  const before = { ...store.content('2002')?.version };
  store.setLabels('2002', ['x']);
  store.setRestriction('2002', 'read', { users: [SMALL.mia] });
  store.moveContent('2002', { parentId: null });
  expect(store.content('2002')?.version).toEqual(before);
});

test('where the trash moves the date, the way there and back are versions', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  store.setBehaviour({ trashingMovesDate: true });
  const { number = 0 } = store.content('2002')?.version ?? {};
  expect(store.trash('2002').version).toMatchObject({ number: number + 1, createdAt: at.toISOString() });
  expect(store.restore('2002').version).toMatchObject({ number: number + 2, createdAt: at.toISOString() });
});

test('listings are sorted, narrowed, cached, and fresh after a change', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  const newest = () => store.listContent({ types: ['page'], statuses: ['current'] }, '-modified-date');
  expect(newest().map(({ id }) => id)).toEqual(['2003', '2002', '2001']);
  expect(newest()).toBe(newest());
  store.updateContent('2001', { title: 'Aardvark' });
  expect(newest()[0]?.id).toBe('2001');
  store.trash('2002');
  expect(newest().map(({ id }) => id)).toEqual(['2001', '2003']);
  expect(store.listContent({ statuses: ['trashed'] }, 'id').map(({ id }) => id)).toEqual(['2002']);
  store.setLabels('2003', ['ai-ingest']);
  expect(store.listContent({ label: 'ai-ingest' }, 'title').map(({ id }) => id)).toEqual(['2003']);
});

test('a purge takes comments and attachments with it and moves children up', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  const comment = store.addComment({ containerId: '2002', body: 'x' });
  store.addComment({ containerId: '2002', parentId: comment.id, body: 'y' });
  const file = store.addAttachment({ containerId: '2002', title: 'f' });
  store.purge('2002');
  expect(store.content('2002')).toBeUndefined();
  expect(store.children('2001').map(({ id }) => id)).toEqual(['2003']);
  expect([store.comment(comment.id), store.attachment(file.id)]).toEqual([undefined, undefined]);
  expect(store.snapshot().comments).toEqual([]);
});

test('a subtree follows its root into another space', () => {
  const store = createWorldStore(createSmallWorld(), () => at);
  store.addSpace({ id: '1002', key: 'TWO', name: 'Two' });
  store.moveContent('2002', { parentId: null, spaceId: '1002' });
  expect(store.content('2003')?.spaceId).toBe('1002');
});

test('unknown ids, and a move below oneself, are refused with the id', () => {
  const store = createWorldStore(createSmallWorld());
  expect(() => store.trash('404')).toThrow('"404"');
  expect(() => store.addMember(SMALL.team, 'nobody')).toThrow('"nobody"');
  expect(() => store.moveContent('2001', { parentId: '2003' })).toThrow('below itself');
});

test('after any series of changes the indexes are those of a store built afresh', () => {
  const change: fc.Arbitrary<(store: WorldStore) => void> = fc.oneof(
    fc.nat().map((n) => (store: WorldStore) => {
      store.addContent({ spaceId: SMALL.space, title: 'new', parentId: pick(store, n) });
    }),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => (store: WorldStore) => {
      try {
        store.moveContent(pick(store, a), { parentId: b % 4 === 0 ? null : pick(store, b) });
      } catch {
        // A move below itself changes nothing, which is what is looked at.
      }
    }),
    fc.nat().map((n) => (store: WorldStore) => {
      if (store.listContent({}, 'id').length > 1) store.purge(pick(store, n));
    }),
    fc
      .nat()
      .map((n) => (store: WorldStore) => void store.addComment({ containerId: pick(store, n), body: 'c' })),
    fc
      .nat()
      .map(
        (n) => (store: WorldStore) => void store.addAttachment({ containerId: pick(store, n), title: 'f' }),
      ),
    fc.boolean().map((add) => (store: WorldStore) => {
      if (add) store.addMember(SMALL.team, SMALL.noah);
      else store.removeMember(SMALL.team, SMALL.noah);
    }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const store = createWorldStore(createSmallWorld(), () => at);
      for (const apply of changes) apply(store);
      expect(view(store)).toEqual(view(createWorldStore(store.snapshot())));
    }),
  );
});

function pick(store: WorldStore, n: number): string {
  const all = store.listContent({}, 'id');
  return all[n % all.length]?.id ?? '2001';
}

function view(store: WorldStore): unknown {
  const ids = store.listContent({}, 'id').map(({ id }) => id);
  return ids.map((id) => ({
    id,
    children: store.children(id).map((child) => child.id),
    ancestors: store.ancestors(id).map((ancestor) => ancestor.id),
    comments: store.commentsOf(id).map((comment) => comment.id),
    attachments: store.attachmentsOf(id).map((attachment) => attachment.id),
    groups: [...store.groupsOf(SMALL.noah)],
  }));
}
