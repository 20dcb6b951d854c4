import { createLots } from '../../lots.ts';
import { fileIdOf } from '../mutators-discussion.ts';
import type { Attachment, Comment, Content, Restriction, Version } from '../types.ts';
import type { Draft, DraftComment, DraftFile, Readers } from './draft.ts';
import { accountOf, groupIdOf } from './people.ts';
import type { PersonKey } from './people.ts';

/** Nothing in the demonstration is younger than this. */
const LATEST = Date.parse('2026-11-13T16:20:00.000Z');
const DAY = 24 * 3600_000;

export interface Assembly {
  content: Content[];
  comments: Comment[];
  attachments: Attachment[];
}

/** Turns drafts into content with ids, dates, versions, comments and files: the same drafts, the same world. */
export function createAssembler(): {
  /** Adds a tree to a space; the answer is the id of its root. */
  add(spaceId: string, draft: Draft, parentId?: string | null): string;
  /** Hangs a file on the first page of that title; after all trees, as it takes the next id. */
  attach(title: string, file: DraftFile): void;
  result: Assembly;
} {
  const result: Assembly = { content: [], comments: [], attachments: [] };
  const lots = createLots(20_26);
  let id = 131_072;
  const nextId = (): string => String((id += 1 + lots.below(40)));

  const addFile = (containerId: string, file: DraftFile, author: string, at: string): void => {
    const attachmentId = `att${nextId()}`;
    const bytes = file.base64 === undefined ? Buffer.from(file.text ?? '', 'utf8') : null;
    result.attachments.push({
      id: attachmentId,
      fileId: fileIdOf(attachmentId),
      containerId,
      status: file.status ?? 'current',
      title: file.title,
      mediaType: file.mediaType,
      authorId: author,
      createdAt: at,
      version: version(1, at, author),
      labels: file.labels ?? [],
      data: { base64: file.base64 ?? bytes?.toString('base64') ?? '' },
    });
  };
  const addComment = (
    containerId: string,
    draft: DraftComment,
    after: number,
    parent: Comment | null,
  ): void => {
    const time = Math.min(LATEST, after + Math.floor(lots.fraction() * 3 * DAY));
    const at = new Date(time).toISOString();
    const authorId = accountOf(draft.by);
    const commentId = nextId();
    const inline = draft.on !== undefined || parent?.kind === 'inline';
    const comment: Comment = {
      id: commentId,
      kind: inline ? 'inline' : 'footer',
      containerId,
      parentId: parent?.id ?? null,
      status: 'current',
      authorId,
      createdAt: at,
      version: version(1, at, authorId),
      body: draft.body,
      marker:
        inline && draft.on !== undefined
          ? { ref: fileIdOf(commentId), selection: draft.on, resolution: draft.resolution ?? 'open' }
          : (parent?.marker ?? null),
    };
    result.comments.push(comment);
    for (const reply of draft.replies ?? []) addComment(containerId, reply, time, comment);
  };
  const add = (spaceId: string, draft: Draft, parentId: string | null, inherited: PersonKey): string => {
    const by = draft.by ?? inherited;
    const created = LATEST - Math.floor((20 + lots.fraction() * 500) * DAY);
    const number = 1 + lots.below(5);
    const modified = number === 1 ? created : created + Math.floor(lots.fraction() * (LATEST - created));
    const item: Content = {
      id: nextId(),
      type: draft.type ?? 'page',
      status: draft.status ?? 'current',
      spaceId,
      parentId,
      title: draft.title,
      authorId: accountOf(by),
      createdAt: new Date(created).toISOString(),
      version: version(number, new Date(modified).toISOString(), accountOf(by)),
      labels: draft.labels ?? [],
      body: draft.body ?? '',
      restrictions: { read: restriction(draft.readers), update: restriction(draft.editors) },
      position: result.content.length,
      history: Array.from({ length: number - 1 }, (_, i) =>
        version(i + 1, new Date(created + ((modified - created) / number) * i).toISOString(), accountOf(by)),
      ),
    };
    result.content.push(item);
    for (const file of draft.files ?? []) addFile(item.id, file, item.authorId, item.version.createdAt);
    for (const comment of draft.comments ?? []) addComment(item.id, comment, modified, null);
    for (const child of draft.children ?? []) add(spaceId, child, item.id, by);
    return item.id;
  };
  return {
    result,
    add: (spaceId, draft, parentId = null) => add(spaceId, draft, parentId, 'ada'),
    attach(title, file) {
      const page = result.content.find((one) => one.title === title);
      if (page === undefined) throw new Error(`There is no page "${title}" to attach ${file.title} to.`);
      addFile(page.id, file, page.authorId, page.version.createdAt);
    },
  };
}

function version(number: number, createdAt: string, authorId: string): Version {
  return { number, createdAt, authorId, message: '', minorEdit: false };
}

function restriction(readers: Readers | undefined): Restriction {
  if (readers === undefined) return { users: [], groups: [] };
  const groups = (readers.groups ?? []).map(groupIdOf);
  return {
    users: (readers.users ?? []).map(accountOf),
    groups: readers.hiddenFromCrawlers === true ? groups : [...groups, groupIdOf('crawlers')],
  };
}
