import type { Lots } from '../../sandbox/lots.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import type { Content } from '../../sandbox/world/types.ts';
import { everywhere } from '../oracle/company.ts';

/** What people write: changes that leave it to others who may see what. */
type Edit = (scene: EditScene) => void;

interface EditScene {
  store: WorldStore;
  lots: Lots;
  /** Pages and blog posts that are open to be written on. */
  pages: Content[];
  /** Tells this edit from all others. */
  serial: number;
}

const edits = {
  'new page': ({ store, lots, serial }) => {
    const space = lots.pick(store.spaces().filter(({ status }) => status === 'current'));
    const above = store
      .contentOfSpace(space.id)
      .filter(
        (one) => one.status === 'current' && one.type !== 'blogpost' && store.ancestors(one.id).length < 5,
      );
    const parentId = above.length === 0 || lots.below(4) === 0 ? null : lots.pick(above).id;
    const page = { spaceId: space.id, parentId, title: `${everywhere} new ${serial}` };
    store.addContent({ ...page, body: `<p>${everywhere} ${serial}</p>`, labels: ['fresh'] });
  },
  'new blog post': ({ store, lots, serial }) => {
    const space = lots.pick(store.spaces().filter(({ status }) => status === 'current'));
    const post = { type: 'blogpost' as const, spaceId: space.id, title: `${everywhere} post ${serial}` };
    store.addContent({ ...post, body: `<p>${everywhere} ${serial}</p>` });
  },
  edit: ({ store, lots, pages, serial }) => {
    store.updateContent(lots.pick(pages).id, { body: `<p>${everywhere} edited ${serial}</p>` });
  },
  'new title': ({ store, lots, pages, serial }) => {
    store.updateContent(lots.pick(pages).id, { title: `${everywhere} title ${serial}` });
  },
  labels: ({ store, lots, pages, serial }) => {
    store.setLabels(lots.pick(pages).id, lots.below(3) === 0 ? [] : [`label-${serial % 7}`, 'sorted']);
  },
  comment: ({ store, lots, pages, serial }) => {
    const page = lots.pick(pages);
    const inline = lots.below(4) === 0;
    const body = `<p>${everywhere} said ${serial}</p>`;
    if (!inline) store.addComment({ containerId: page.id, body });
    else {
      const marker = { ref: `ref-${serial}`, selection: everywhere, resolution: 'open' as const };
      store.addComment({ containerId: page.id, kind: 'inline', body, marker });
    }
  },
  reply: ({ store, lots, pages, serial }) => {
    const said = pages.flatMap(({ id }) => store.commentsOf(id).filter(({ status }) => status === 'current'));
    if (said.length === 0) return;
    const { id, containerId } = lots.pick(said);
    store.addComment({ containerId, parentId: id, body: `<p>${everywhere} answered ${serial}</p>` });
  },
  'edited comment': ({ store, lots, pages, serial }) => {
    const said = pages.flatMap(({ id }) => store.commentsOf(id).filter(({ status }) => status === 'current'));
    if (said.length > 0)
      store.updateComment(lots.pick(said).id, { body: `<p>${everywhere} put ${serial}</p>` });
  },
  attachment: ({ store, lots, pages, serial }) => {
    store.addAttachment({ containerId: lots.pick(pages).id, title: `${everywhere} ${serial}.txt` });
  },
  'new version of an attachment': ({ store, lots, pages, serial }) => {
    const files = pages.flatMap(({ id }) =>
      store.attachmentsOf(id).filter(({ status }) => status === 'current'),
    );
    if (files.length > 0)
      store.updateAttachment(lots.pick(files).id, { title: `${everywhere} v ${serial}.txt` });
  },
  'comment deleted': ({ store, lots, pages }) => {
    const said = pages.flatMap(({ id }) =>
      store.commentsOf(id).filter((one) => one.status === 'current' && store.repliesTo(one.id).length === 0),
    );
    if (said.length > 0) store.purgeComment(lots.pick(said).id);
  },
  'attachment deleted': ({ store, lots, pages }) => {
    const files = pages.flatMap(({ id }) =>
      store.attachmentsOf(id).filter(({ status }) => status === 'current'),
    );
    if (files.length > 0) store.purgeAttachment(lots.pick(files).id);
  },
  'space renamed': ({ store, lots, serial }) => {
    store.changeSpace(lots.pick(store.spaces()).id, { name: `Space of ${serial}` });
  },
} satisfies Record<string, Edit>;

export type EditKind = keyof typeof edits;

/** Most of what happens in a wiki is an edit or a comment. */
const drawn: EditKind[] = [
  ...(Object.keys(edits) as EditKind[]),
  'edit',
  'edit',
  'edit',
  'comment',
  'comment',
  'new page',
];

/** Makes one change; returns its name. */
export function edit(store: WorldStore, lots: Lots, serial: number): EditKind {
  const kind = lots.pick(drawn);
  const open = new Set(
    store
      .spaces()
      .filter(({ status }) => status === 'current')
      .map(({ id }) => id),
  );
  const pages = store
    .listContent({ types: ['page', 'blogpost'], statuses: ['current'] }, 'id')
    .filter(({ spaceId }) => open.has(spaceId));
  if (open.size > 0 && pages.length > 0) edits[kind]({ store, lots, pages, serial });
  return kind;
}
