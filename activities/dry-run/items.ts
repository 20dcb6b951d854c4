import type {
  ConfluenceAttachment,
  ConfluenceComment,
  ConfluenceContainer,
  ConfluencePage,
} from '../../atlassian/confluence/types.ts';
import { webUrl } from '../../content/url.ts';
import type { DryRunItemWrite } from '../../store/dry-runs.ts';

const nothing = { labels: [], mediaType: null, fileSize: null, failure: null };

export function pageItem(siteUrl: string, page: ConfluencePage): DryRunItemWrite {
  return {
    ...nothing,
    externalId: page.id,
    kind: page.kind,
    title: page.title,
    url: webUrl(siteUrl, page.webPath),
    spaceId: page.spaceId,
    parentId: page.parentId,
    containerId: null,
    authorId: page.authorId,
    createdAt: page.createdAt.toISOString(),
    modifiedAt: page.version.createdAt.toISOString(),
    version: page.version.number,
  };
}

export function placeItem(siteUrl: string, place: ConfluenceContainer): DryRunItemWrite {
  return {
    ...nothing,
    externalId: place.id,
    kind: place.kind,
    title: place.title,
    url: webUrl(siteUrl, place.webPath),
    spaceId: place.spaceId,
    parentId: place.parentId,
    containerId: null,
    authorId: place.authorId,
    createdAt: place.createdAt?.toISOString() ?? null,
    modifiedAt: null,
    version: place.version,
  };
}

/** A place that could not be read: what hangs below it, nobody sees. */
export function unreadPlaceItem(
  { id, kind }: Pick<ConfluenceContainer, 'id' | 'kind'>,
  failure: string,
): DryRunItemWrite {
  const unknown = { spaceId: null, parentId: null, containerId: null, authorId: null };
  const times = { createdAt: null, modifiedAt: null };
  const title = `${kind} ${id}`;
  return { ...nothing, ...unknown, ...times, externalId: id, kind, title, url: '', version: 0, failure };
}

/** A reply that names no page has it from what it replies to (store/dry-run-compare.ts). */
export function commentItem(siteUrl: string, comment: ConfluenceComment): DryRunItemWrite {
  return {
    ...nothing,
    externalId: comment.id,
    kind: 'comment',
    title: comment.title,
    url: webUrl(siteUrl, comment.webPath),
    spaceId: null,
    parentId: comment.parentCommentId,
    containerId: comment.containerId,
    authorId: comment.authorId,
    createdAt: comment.createdAt.toISOString(),
    modifiedAt: comment.version.createdAt.toISOString(),
    version: comment.version.number,
  };
}

export function attachmentItem(siteUrl: string, attachment: ConfluenceAttachment): DryRunItemWrite {
  return {
    ...nothing,
    externalId: attachment.id,
    kind: 'attachment',
    title: attachment.title,
    url: webUrl(siteUrl, attachment.webPath),
    spaceId: null,
    parentId: null,
    containerId: attachment.containerId,
    labels: attachment.labels,
    authorId: attachment.version.authorId,
    createdAt: attachment.createdAt.toISOString(),
    modifiedAt: attachment.version.createdAt.toISOString(),
    version: attachment.version.number,
    mediaType: attachment.mediaType,
    fileSize: attachment.fileSize,
  };
}
