import { existing } from './indexes.ts';
import type { Indexes } from './indexes.ts';
import type { Listings } from './listings.ts';
import type { Attachment, Comment } from './types.ts';
import { firstVersion, nextVersion } from './versions.ts';

export interface NewComment {
  id?: string;
  kind?: Comment['kind'];
  containerId: string;
  parentId?: string | null;
  authorId?: string;
  body: string;
  marker?: Comment['marker'];
}

export interface NewAttachment {
  id?: string;
  containerId: string;
  title: string;
  mediaType?: string;
  authorId?: string;
  labels?: string[];
  data?: Attachment['data'];
}

export interface DiscussionMutators {
  addComment(input: NewComment): Comment;
  updateComment(id: string, change: { body: string; authorId?: string }): Comment;
  setCommentStatus(id: string, status: Comment['status']): Comment;
  addAttachment(input: NewAttachment): Attachment;
  updateAttachment(id: string, change: { title?: string; data?: Attachment['data'] }): Attachment;
  setAttachmentStatus(id: string, status: Attachment['status']): Attachment;
  /** Without a trace: the comment goes with its replies. */
  purgeComment(id: string): void;
  purgeAttachment(id: string): void;
  /** Everything said about and attached to one page. */
  purgeDiscussionOf(containerId: string): void;
}

export function createDiscussionMutators(
  indexes: Indexes,
  listings: Listings,
  now: () => Date,
): DiscussionMutators {
  const touch = (kind: 'comments' | 'attachments'): void => {
    indexes.revision += 1;
    listings.clear(kind);
  };
  const author = (given: string | undefined): string => given ?? indexes.world.people[0]?.accountId ?? '';

  const removeComments = (gone: ReadonlySet<string>): void => {
    indexes.world.comments = indexes.world.comments.filter(({ id }) => !gone.has(id));
    for (const id of gone) {
      const comment = indexes.comments.get(id);
      if (comment === undefined) continue;
      indexes.comments.delete(id);
      remove(indexes.commentsOf, comment.containerId, id);
      if (comment.parentId !== null) remove(indexes.repliesTo, comment.parentId, id);
      indexes.repliesTo.delete(id);
    }
    touch('comments');
  };
  const removeAttachments = (gone: ReadonlySet<string>): void => {
    indexes.world.attachments = indexes.world.attachments.filter(({ id }) => !gone.has(id));
    for (const id of gone) {
      const attachment = indexes.attachments.get(id);
      if (attachment === undefined) continue;
      indexes.attachments.delete(id);
      remove(indexes.attachmentsOf, attachment.containerId, id);
    }
    touch('attachments');
  };

  return {
    addComment(input) {
      existing(indexes.content, input.containerId, 'content');
      const parent = input.parentId == null ? null : existing(indexes.comments, input.parentId, 'comment');
      const createdAt = now().toISOString();
      const authorId = author(input.authorId);
      const kind = input.kind ?? parent?.kind ?? 'footer';
      const comment: Comment = {
        id: input.id ?? indexes.nextId(),
        kind,
        containerId: input.containerId,
        parentId: input.parentId ?? null,
        status: 'current',
        authorId,
        createdAt,
        version: firstVersion(createdAt, authorId),
        body: input.body,
        marker: input.marker ?? null,
      };
      indexes.world.comments.push(comment);
      indexes.comments.set(comment.id, comment);
      append(indexes.commentsOf, comment.containerId, comment);
      if (comment.parentId !== null) append(indexes.repliesTo, comment.parentId, comment);
      touch('comments');
      return comment;
    },
    updateComment(id, change) {
      const comment = existing(indexes.comments, id, 'comment');
      comment.version = nextVersion(comment.version, now(), change);
      comment.body = change.body;
      touch('comments');
      return comment;
    },
    setCommentStatus(id, status) {
      const comment = existing(indexes.comments, id, 'comment');
      comment.status = status;
      touch('comments');
      return comment;
    },
    addAttachment(input) {
      existing(indexes.content, input.containerId, 'content');
      const createdAt = now().toISOString();
      const authorId = author(input.authorId);
      const id = input.id ?? `att${indexes.nextId()}`;
      const attachment: Attachment = {
        id,
        fileId: fileIdOf(id),
        containerId: input.containerId,
        status: 'current',
        title: input.title,
        mediaType: input.mediaType ?? 'text/plain',
        authorId,
        createdAt,
        version: firstVersion(createdAt, authorId),
        labels: input.labels ?? [],
        data: input.data ?? { size: 1024 },
      };
      indexes.world.attachments.push(attachment);
      indexes.attachments.set(attachment.id, attachment);
      append(indexes.attachmentsOf, attachment.containerId, attachment);
      touch('attachments');
      return attachment;
    },
    updateAttachment(id, change) {
      const attachment = existing(indexes.attachments, id, 'attachment');
      attachment.version = nextVersion(attachment.version, now());
      if (change.title !== undefined) attachment.title = change.title;
      if (change.data !== undefined) attachment.data = change.data;
      touch('attachments');
      return attachment;
    },
    setAttachmentStatus(id, status) {
      const attachment = existing(indexes.attachments, id, 'attachment');
      attachment.status = status;
      if (indexes.world.behaviour.trashingMovesDate === true)
        attachment.version = nextVersion(attachment.version, now());
      touch('attachments');
      return attachment;
    },
    purgeComment(id) {
      existing(indexes.comments, id, 'comment');
      const gone = new Set([id]);
      for (const each of gone) for (const reply of indexes.repliesTo.get(each) ?? []) gone.add(reply.id);
      removeComments(gone);
    },
    purgeAttachment(id) {
      existing(indexes.attachments, id, 'attachment');
      removeAttachments(new Set([id]));
    },
    purgeDiscussionOf(containerId) {
      removeComments(new Set(indexes.commentsOf.get(containerId)?.map(({ id }) => id)));
      removeAttachments(new Set(indexes.attachmentsOf.get(containerId)?.map(({ id }) => id)));
    },
  };
}

/** A UUID that is the same for the same attachment. */
export function fileIdOf(attachmentId: string): string {
  const digits = attachmentId.replace(/\D/g, '').padStart(12, '0').slice(-12);
  return `f11e0000-0000-4000-8000-${digits}`;
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  map.set(key, [...(map.get(key) ?? []), item]);
}

function remove<T extends { id: string }>(map: Map<string, T[]>, key: string, id: string): void {
  const list = map.get(key);
  if (list)
    map.set(
      key,
      list.filter((item) => item.id !== id),
    );
}
