import { expect, test } from '@jest/globals';
import { DomUtils, parseDocument } from 'htmlparser2';
import { createDemonstration } from './demonstration.ts';
import { accountOf } from './demonstration/people.ts';
import type { PersonKey } from './demonstration/people.ts';
import { createWorldStore } from './store.ts';
import { canView } from './visibility.ts';

const store = createWorldStore(createDemonstration());
const all = store.listContent({}, 'id');

function readers(title: string): string[] {
  const item = all.find((each) => each.title === title);
  if (item === undefined) throw new Error(`No content is called ${title}.`);
  const seen = store.people().filter(({ accountId }) => canView(store, accountId, item.id));
  return seen.map(({ name }) => name.split(' ')[0] ?? '');
}

test('it is the same company every time', () => {
  expect(createDemonstration()).toEqual(createDemonstration());
});

test('it holds about 150 pages of depth, and every other kind of content', () => {
  const kinds = new Set(all.map(({ type, status }) => `${type} ${status}`));
  expect(all.filter(({ type }) => type === 'page').length).toBeGreaterThanOrEqual(150);
  expect(Math.max(...all.map(({ id }) => store.ancestors(id).length))).toBeGreaterThanOrEqual(5);
  for (const kind of [
    'page draft',
    'page archived',
    'page trashed',
    'folder current',
    'whiteboard current',
  ]) {
    expect(kinds).toContain(kind);
  }
  expect(new Set(store.spaces().map(({ type }) => type)).size).toBe(4);
  expect(all.some(({ labels }) => labels.includes('ai-ingest'))).toBe(true);
});

test.each<[string, string[]]>([
  ['Salary bands', ['Ada', 'Grace', 'Henrik']],
  ['Salary bands: Engineering', ['Ada', 'Grace', 'Henrik']],
  ['Pay round January 2027', ['Ada', 'Grace', 'Henrik']],
  ['Board minutes 2026-09', ['Grace', 'Henrik']],
  ['Secure boot', ['Ada', 'Ben', 'Chloé', 'Daniel']],
  ['Signing key ceremony', ['Ada', 'Ben', 'Daniel']],
  ['Ceremony minutes 2026-03', ['Ada', 'Ben', 'Daniel']],
  ['Heron: what it is', ['Ada', 'Ben', 'Emi', 'Kira']],
  ['Next-generation arm (draft)', ['Chloé']],
  ['Career notes', ['Chloé']],
  ['Coding standards', ['Ada', 'Ben', 'Chloé', 'Daniel', 'Emi', 'Farid', 'Inês', 'Jonas', 'Kira']],
])('%s is read by %j', (title, expected) => {
  expect(readers(title)).toEqual(expected);
});

test('in role mode everybody sees the same', () => {
  const roles = createWorldStore(createDemonstration());
  roles.changeSite({ spaceRoleMode: 'ROLES' });
  for (const { accountId } of store.people()) {
    const seen = (of: typeof store): string[] =>
      of.listContent({}, 'id').flatMap(({ id }) => (canView(of, accountId, id) ? [id] : []));
    expect(seen(roles)).toEqual(seen(store));
  }
});

test('who has left sees nothing, and the guest sees one space', () => {
  const spacesOf = (who: PersonKey): Set<string> =>
    new Set(all.filter(({ id }) => canView(store, accountOf(who), id)).map(({ spaceId }) => spaceId));
  expect(spacesOf('liam').size).toBe(0);
  expect([...spacesOf('mona')]).toEqual([store.spaceByKey('RV4')?.id]);
});

test('links lead to pages, images to attachments, mentions to people', () => {
  const missing: string[] = [];
  const titles = new Set(all.map(({ spaceId, title }) => `${spaceId} ${title}`));
  for (const item of all) {
    const tree = parseDocument(item.body, { recognizeCDATA: true, recognizeSelfClosing: true });
    for (const element of DomUtils.findAll((node) => node.name.startsWith('ri:'), tree.children)) {
      const { attribs } = element;
      const spaceId = store.spaceByKey(attribs['ri:space-key'] ?? '')?.id ?? item.spaceId;
      const found =
        element.name === 'ri:page'
          ? titles.has(`${spaceId} ${attribs['ri:content-title']}`)
          : element.name === 'ri:user'
            ? store.person(attribs['ri:account-id'] ?? '') !== undefined
            : store.attachmentsOf(item.id).some(({ title }) => title === attribs['ri:filename']);
      if (!found) missing.push(`${item.title}: ${JSON.stringify(attribs)}`);
    }
  }
  expect(missing).toEqual([]);
});

test('every body is well-formed storage format', () => {
  for (const { body, title } of all) {
    const open = body.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '').match(/<[a-z][^>]*[^/]>|<[a-z]>/g)?.length ?? 0;
    const close = body.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '').match(/<\/[a-z][^>]*>/g)?.length ?? 0;
    expect(`${title} ${open}`).toBe(`${title} ${close}`);
  }
});
