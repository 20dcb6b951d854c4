import type { WorldStore } from '../../world/store.ts';
import type { Attachment, Comment, Content, Person, Space, Version } from '../../world/types.ts';
import { toAdf, toView } from '../bodies.ts';
import { attachmentLink, commentLink, contentLink, downloadLink, spacePath, tinyLink } from '../links.ts';

/** Anything with an address of its own; the rest of its fields are as the document's model has them. */
export type Entity = Record<string, unknown> & { _links: object };

export const BODY_FORMATS = ['storage', 'atlas_doc_format'] as const;
export const BODY_FORMATS_OF_ONE = [
  ...BODY_FORMATS,
  'view',
  'export_view',
  'anonymous_export_view',
  'styled_view',
  'editor',
] as const;
export type BodyFormat = (typeof BODY_FORMATS_OF_ONE)[number];

/** Without a requested format a body is an empty object. */
export function bodyOf(body: string, format: BodyFormat | undefined): object {
  if (format === undefined) return {};
  const value =
    format === 'storage' || format === 'editor'
      ? body
      : format === 'atlas_doc_format'
        ? toAdf(body)
        : toView(body);
  return { [format]: { representation: format, value } };
}

export function versionOf({ number, message, minorEdit, authorId, createdAt }: Version): object {
  return { number, message, minorEdit, authorId, createdAt };
}

/** A page or blog post, as it stands in lists and alone. */
export function pageOrPost(store: WorldStore, item: Content, format: BodyFormat | undefined): Entity {
  const links = {
    editui: `/pages/resumedraft.action?draftId=${item.id}`,
    webui: contentLink(store, item),
    tinyui: tinyLink(item.id),
  };
  const shared = {
    id: item.id,
    status: item.status,
    title: item.title,
    spaceId: item.spaceId,
    authorId: item.authorId,
    createdAt: item.createdAt,
    version: versionOf(item.version),
    body: bodyOf(item.body, format),
    _links: links,
  };
  if (item.type === 'blogpost') return shared;
  return {
    ...shared,
    parentId: item.parentId,
    parentType: parentType(store, item),
    position: item.position,
    ownerId: item.authorId,
    lastOwnerId: null,
  };
}

function parentType(store: WorldStore, item: Content): string | null {
  return item.parentId === null ? null : (store.content(item.parentId)?.type ?? null);
}

/** Folder, whiteboard, database or embed. Only a folder tells its time in epoch milliseconds, as seen in life. */
export function container(store: WorldStore, item: Content): Entity {
  const webui = contentLink(store, item);
  return {
    id: item.id,
    type: item.type,
    status: item.status,
    title: item.title,
    parentId: item.parentId,
    parentType: parentType(store, item),
    position: item.position,
    authorId: item.authorId,
    ownerId: item.authorId,
    createdAt: item.type === 'folder' ? Date.parse(item.createdAt) : item.createdAt,
    spaceId: item.spaceId,
    version: versionOf(item.version),
    ...(item.type === 'embed' ? { embedUrl: `https://embed.example/${item.id}` } : {}),
    _links: item.type === 'whiteboard' ? { webui, editui: `${webui}/edit` } : { webui },
  };
}

/** `within` leaves out what the address of a list has said already, as Atlassian's models do. */
export function comment(
  store: WorldStore,
  item: Comment,
  format: BodyFormat | undefined,
  within: 'site' | 'container' | 'comment',
): Entity {
  const home = store.content(item.containerId);
  const isReply = item.parentId !== null;
  return {
    id: item.id,
    status: item.status,
    title: `Re: ${home?.title ?? ''}`,
    ...(within === 'comment'
      ? {}
      : { [home?.type === 'blogpost' ? 'blogPostId' : 'pageId']: item.containerId }),
    ...(within !== 'container' && isReply ? { parentCommentId: item.parentId } : {}),
    version: versionOf(item.version),
    body: bodyOf(item.body, format),
    ...(item.kind === 'inline' ? inlineFields(item) : {}),
    _links: { webui: commentLink(store, item) },
  };
}

function inlineFields({ marker }: Comment): object {
  return {
    resolutionStatus: marker?.resolution ?? 'open',
    properties: { inlineMarkerRef: marker?.ref ?? '', inlineOriginalSelection: marker?.selection ?? '' },
  };
}

export function attachment(store: WorldStore, item: Attachment): Entity {
  const home = store.content(item.containerId);
  const download = downloadLink(item);
  const webui = attachmentLink(item);
  return {
    id: item.id,
    status: statusOfAttachment(store, item),
    title: item.title,
    createdAt: item.createdAt,
    [home?.type === 'blogpost' ? 'blogPostId' : 'pageId']: item.containerId,
    mediaType: item.mediaType,
    mediaTypeDescription: item.mediaType,
    comment: item.version.message,
    fileId: item.fileId,
    fileSize: sizeOf(item),
    webuiLink: webui,
    downloadLink: download,
    version: versionOf(item.version),
    _links: { webui, download },
  };
}

/** An attachment goes to the archive and to the trash with its page. */
export function statusOfAttachment(store: WorldStore, item: Attachment): string {
  if (item.status !== 'current') return item.status;
  const home = store.content(item.containerId)?.status;
  return home === 'archived' || home === 'trashed' ? home : 'current';
}

export function sizeOf({ data }: Attachment): number {
  return 'size' in data ? data.size : Buffer.byteLength(data.base64, 'base64');
}

export function space(item: Space): Entity {
  return {
    id: item.id,
    key: item.key,
    name: item.name,
    type: item.type,
    status: item.status,
    authorId: item.authorId,
    spaceOwnerId: item.authorId,
    createdAt: item.createdAt,
    homepageId: item.homepageId,
    _links: { webui: spacePath(item) },
  };
}

/** `email` is the empty string where the profile hides it, save from its owner. */
export function user(store: WorldStore, person: Person, asker: string | null): object {
  const own = store
    .spaces()
    .find(({ type, authorId }) => type === 'personal' && authorId === person.accountId);
  return {
    displayName: person.name,
    timeZone: person.emailVisible ? person.timeZone : null,
    personalSpaceId: own?.id ?? null,
    isExternalCollaborator: person.guest,
    accountStatus: person.status,
    accountId: person.accountId,
    email: person.emailVisible || person.accountId === asker ? person.email : '',
    accountType: person.type,
    publicName: person.name,
    profilePicture: { path: '/wiki/aa-avatar/' + encodeURIComponent(person.accountId), isDefault: true },
  };
}
