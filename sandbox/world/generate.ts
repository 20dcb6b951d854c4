import { createLots } from '../lots.ts';
import { sandboxApp, sandboxTokens } from './credentials.ts';
import { bodyMaker, LABELS, titleOf } from './generate/prose.ts';
import { generatePeople, GROUP_OF_ALL } from './generate/people.ts';
import { sampleEndings, sampleFile } from './files/sample.ts';
import { fileIdOf } from './mutators-discussion.ts';
import { roleNamed } from './roles.ts';
import type { Attachment, Comment, Content, Principal, Restriction, Space, World } from './types.ts';
import { firstVersion } from './versions.ts';

export interface GenerationOptions {
  seed?: number;
  spaces?: number;
  pagesPerSpace?: number;
  people?: number;
  groups?: number;
  /** Length of each body, roughly. */
  bodyBytes?: number;
  commentsPerPage?: number;
  attachmentsPerPage?: number;
  /** Images, which have a size and no content of their own, or real files of every kind whose text can be read. */
  files?: 'images' | 'documents';
  /** Every so many pages one carries a view restriction; 0: none does. */
  restrictedEvery?: number;
  /** Levels of pages below a homepage. */
  depth?: number;
  labelsPerPage?: number;
  redirectUri?: string;
}

/** The crawler of generated worlds: an administrator whom every space and every restriction admits. */
export const GENERATED_ADMIN = {
  accountId: '712020:00000000-0000-4000-8000-000000000000',
  email: 'admin@example.com',
};

const START = Date.parse('2026-01-05T08:00:00.000Z');
const SPAN = 280 * 24 * 3600_000;

/**
 * A world of any size from a seed; the same options make the same world. 50,000 pages take about a second: bodies
 * share their blocks in memory, and differ in their first paragraph.
 */
export function generateWorld(options: GenerationOptions = {}): World {
  const {
    seed = 1,
    spaces: spaceCount = 5,
    pagesPerSpace = 50,
    people: peopleCount = 20,
    groups: groupCount = 5,
    bodyBytes = 2000,
    commentsPerPage = 1,
    attachmentsPerPage = 1,
    files = 'images',
    restrictedEvery = 10,
    depth = 5,
    labelsPerPage = 2,
    redirectUri,
  } = options;
  const lots = createLots(seed);
  const { people, groups } = generatePeople(lots, peopleCount, groupCount, GENERATED_ADMIN);
  const makeBody = bodyMaker(lots, bodyBytes);
  const total = Math.max(1, spaceCount * pagesPerSpace);
  const step = Math.min(60_000, Math.floor(SPAN / (total * 2)));
  const time = (tick: number): string => new Date(START + tick * step).toISOString();

  const spaces: Space[] = [];
  const content: Content[] = [];
  const comments: Comment[] = [];
  const attachments: Attachment[] = [];
  let id = 100_000;
  const nextId = (): string => String((id += 1));
  const author = (): string => lots.pick(people).accountId;

  for (let s = 0; s < spaceCount; s += 1) {
    const spaceId = nextId();
    const readers = readersOf(
      s,
      groups.slice(1).map((group) => group.id),
    );
    // Pages that may have children: those above the lowest level.
    const parents: { page: Content; level: number }[] = [];
    for (let p = 0; p < pagesPerSpace; p += 1) {
      const parent = p === 0 ? undefined : lots.pick(parents);
      const page = generatedPage(p, parent?.page ?? null);
      const level = (parent?.level ?? -1) + 1;
      if (level < depth || p === 0) parents.push({ page, level });
      content.push(page);
      for (let c = 0; c < commentsPerPage; c += 1) comments.push(generatedComment(page, c));
      for (let a = 0; a < attachmentsPerPage; a += 1) attachments.push(generatedAttachment(page, a));
    }
    spaces.push({
      id: spaceId,
      key: `S${s + 1}`,
      name: `Space ${s + 1}`,
      type: (['global', 'collaboration', 'knowledge_base'] as const)[s % 3] ?? 'global',
      status: 'current',
      authorId: GENERATED_ADMIN.accountId,
      homepageId: parents[0]?.page.id ?? null,
      createdAt: time(0),
      permissions: readers.map((principal) => ({
        id: nextId(),
        principal,
        operation: 'read',
        target: 'space',
      })),
      roleAssignments: readers.map((principal) => ({ principal, roleId: roleNamed('Viewer').id })),
    });

    function generatedPage(p: number, parent: Content | null): Content {
      const tick = content.length;
      const pageId = nextId();
      const title = `${titleOf(lots)} ${s + 1}.${p + 1}`;
      const authorId = author();
      const createdAt = time(tick);
      const restricted = restrictedEvery > 0 && p > 0 && p % restrictedEvery === 0;
      return {
        id: pageId,
        type: 'page',
        status: 'current',
        spaceId,
        parentId: parent?.id ?? null,
        title,
        authorId,
        createdAt,
        version: {
          ...firstVersion(createdAt, authorId),
          number: 1 + (p % 3),
          createdAt: time(tick + total / 2),
        },
        labels: Array.from({ length: labelsPerPage }, (_, i) => LABELS[(p + i) % LABELS.length] ?? ''),
        body: makeBody(title),
        restrictions: { read: restricted ? restriction() : NOBODY, update: NOBODY },
        position: p,
      };
    }
  }

  function restriction(): Restriction {
    const users = [GENERATED_ADMIN.accountId, author()];
    const group = groups.length > 1 ? lots.pick(groups.slice(1)).id : null;
    return { users: [...new Set(users)], groups: group !== null && lots.below(2) === 0 ? [group] : [] };
  }

  function generatedComment(page: Content, c: number): Comment {
    const authorId = author();
    return {
      id: nextId(),
      kind: c % 3 === 2 ? 'inline' : 'footer',
      containerId: page.id,
      parentId: null,
      status: 'current',
      authorId,
      createdAt: page.version.createdAt,
      version: firstVersion(page.version.createdAt, authorId),
      body: `<p>${titleOf(lots)}: agreed, see ${page.title}.</p>`,
      marker: c % 3 === 2 ? { ref: fileIdOf(page.id), selection: page.title, resolution: 'open' } : null,
    };
  }

  function generatedAttachment(page: Content, a: number): Attachment {
    const number = nextId();
    const attachmentId = `att${number}`;
    return {
      id: attachmentId,
      fileId: fileIdOf(attachmentId),
      containerId: page.id,
      status: 'current',
      ...generatedFile(page, a, Number(number)),
      authorId: page.authorId,
      createdAt: page.version.createdAt,
      version: firstVersion(page.version.createdAt, page.authorId),
      labels: [],
    };
  }

  function generatedFile(
    page: Content,
    a: number,
    n: number,
  ): Pick<Attachment, 'title' | 'mediaType' | 'data'> {
    if (files === 'images')
      return { title: `diagram-${a + 1}.png`, mediaType: 'image/png', data: { size: 2048 } };
    const ending = sampleEndings[n % sampleEndings.length] ?? 'txt';
    const lines = Array.from({ length: 40 }, (_, at) => `${at + 1}. ${page.title}: ${titleOf(lots)}`);
    const { title, mediaType, bytes } = sampleFile(ending, `report-${a + 1}`, lines);
    return { title, mediaType, data: { base64: bytes.toString('base64') } };
  }

  return {
    site: {
      cloudId: '11111111-2222-4333-8444-555555555555',
      name: 'Generated',
      url: 'https://generated.atlassian.net',
      spaceRoleMode: 'PRE_ROLES',
      anonymousAccess: false,
    },
    people,
    groups,
    spaces,
    content,
    comments,
    attachments,
    oauthApps: [sandboxApp(redirectUri)],
    apiTokens: sandboxTokens(GENERATED_ADMIN.accountId),
    audit: [],
    behaviour: { contentSearchLimit: 100, commentListingsHoldReplies: true },
  };
}

const NOBODY: Restriction = { users: [], groups: [] };

/** Spaces open in turn to all, to one group, to all who are licensed, to two groups. The administrator sees each. */
function readersOf(s: number, groupIds: string[]): Principal[] {
  const admin: Principal = { type: 'user', id: GENERATED_ADMIN.accountId };
  const group = (at: number): Principal[] => {
    const found = groupIds.length > 0 ? groupIds[at % groupIds.length] : undefined;
    return found === undefined ? [] : [{ type: 'group', id: found }];
  };
  switch (s % 4) {
    case 0:
      return [admin, { type: 'group', id: GROUP_OF_ALL }];
    case 1:
      return [admin, ...group(s)];
    case 2:
      return [admin, { type: 'class', id: 'all-licensed-users' }];
    default:
      return [admin, ...group(s), ...group(s + 1)];
  }
}
