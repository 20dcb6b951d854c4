import type { WorldStore } from '../../world/store.ts';
import type { Attachment, Comment, Content, Space, Version } from '../../world/types.ts';
import { toAdf, toView } from '../bodies.ts';
import {
  attachmentLink,
  commentLink,
  contentLink,
  downloadLink,
  siteBase,
  spacePath,
  tinyLink,
} from '../links.ts';
import { labelOf } from '../v2/labels.ts';
import { sizeOf, statusOfAttachment } from '../v2/serialise.ts';
import type { Expansion } from './expand.ts';
import { expandable } from './expand.ts';
import { userById } from './people.ts';
import { restrictionsOf } from './restriction-model.ts';

/** Whatever v1 calls content. */
export type Thing =
  | { kind: 'content'; item: Content }
  | { kind: 'comment'; item: Comment }
  | { kind: 'attachment'; item: Attachment };

const EXPANDABLE = [
  'container',
  'metadata',
  'extensions',
  'operations',
  'children',
  'restrictions',
  'history',
  'ancestors',
  'body',
  'version',
  'descendants',
  'space',
];
const BODIES = [
  'view',
  'export_view',
  'styled_view',
  'anonymous_export_view',
  'storage',
  'editor',
  'atlas_doc_format',
];

/** Content as v1 shows it, with what `expansion` asks for in it and the rest named under `_expandable`. */
export function contentOf(
  store: WorldStore,
  thing: Thing,
  expansion: Expansion,
  asker: string | null,
): Record<string, unknown> {
  const { item } = thing;
  const home = homeOf(store, thing);
  const version = () => versionOf(store, item.version, asker);
  const shown: Record<string, unknown> = {
    id: item.id,
    type: typeOf(thing),
    status: thing.kind === 'attachment' ? statusOfAttachment(store, thing.item) : item.status,
    title: titleOf(store, thing),
    macroRenderedOutput: {},
  };
  const space = home === undefined ? undefined : store.space(home.spaceId);
  if (expansion.has('space') && space !== undefined) shown.space = spaceOf(store, space);
  if (expansion.has('version')) shown.version = version();
  if (expansion.has('history'))
    shown.history = {
      latest: true,
      createdBy: userById(store, item.authorId, asker),
      createdDate: item.createdAt,
      ...(expansion.in('history').has('lastUpdated') ? { lastUpdated: version() } : {}),
      _expandable: expandable(expansion.in('history'), [
        'lastUpdated',
        'previousVersion',
        'contributors',
        'nextVersion',
      ]),
      _links: {},
    };
  if (expansion.has('ancestors'))
    shown.ancestors = ancestorsOf(store, thing, expansion.in('ancestors'), asker);
  if (expansion.has('container'))
    shown.container =
      thing.kind === 'content'
        ? space && spaceOf(store, space)
        : home && contentOf(store, { kind: 'content', item: home }, expansion.in('container'), asker);
  if (expansion.has('body')) shown.body = bodyOf(thing, expansion.in('body'));
  if (expansion.has('restrictions'))
    shown.restrictions = restrictionsOf(
      store,
      thing.kind === 'content' ? thing.item : undefined,
      item.id,
      expansion.in('restrictions'),
      asker,
    );
  if (expansion.has('metadata')) shown.metadata = metadataOf(thing, expansion.in('metadata'));
  if (expansion.has('extensions')) shown.extensions = extensionsOf(thing);
  return {
    ...shown,
    _expandable: expandable(expansion, EXPANDABLE, pathsOf(store, thing)),
    _links: linksOf(store, thing),
  };
}

function pathsOf(store: WorldStore, thing: Thing): Record<string, string> {
  const home = homeOf(store, thing);
  const key = home === undefined ? undefined : store.space(home.spaceId)?.key;
  const space = `/rest/api/space/${encodeURIComponent(key ?? '')}`;
  const self = `/rest/api/content/${thing.item.id}`;
  return {
    space,
    container: thing.kind === 'content' ? space : `/rest/api/content/${thing.item.containerId}`,
    history: `${self}/history`,
    children: `${self}/child`,
    descendants: `${self}/descendant`,
    restrictions: `${self}/restriction/byOperation`,
  };
}

export function typeOf(thing: Thing): string {
  return thing.kind === 'content' ? thing.item.type : thing.kind;
}

export function titleOf(store: WorldStore, thing: Thing): string {
  return thing.kind === 'comment'
    ? `Re: ${store.content(thing.item.containerId)?.title ?? ''}`
    : thing.item.title;
}

/** The page or other node of the tree that a thing is or belongs to. */
export function homeOf(store: WorldStore, thing: Thing): Content | undefined {
  return thing.kind === 'content' ? thing.item : store.content(thing.item.containerId);
}

export function webLink(store: WorldStore, thing: Thing): string {
  if (thing.kind === 'content') return contentLink(store, thing.item);
  return thing.kind === 'comment' ? commentLink(store, thing.item) : attachmentLink(thing.item);
}

function linksOf(store: WorldStore, thing: Thing): Record<string, string> {
  return {
    self: `${siteBase(store)}/rest/api/content/${thing.item.id}`,
    webui: webLink(store, thing),
    tinyui: tinyLink(thing.item.id),
    ...(thing.kind === 'attachment' ? { download: downloadLink(thing.item) } : {}),
  };
}

function versionOf(store: WorldStore, version: Version, asker: string | null): Record<string, unknown> {
  return {
    by: userById(store, version.authorId, asker),
    when: version.createdAt,
    friendlyWhen: version.createdAt.slice(0, 10),
    message: version.message,
    number: version.number,
    minorEdit: version.minorEdit,
    contentTypeModified: false,
    _expandable: { collaborators: '', content: '' },
    _links: {},
  };
}

function ancestorsOf(store: WorldStore, thing: Thing, expansion: Expansion, asker: string | null): unknown[] {
  if (thing.kind === 'comment') return commentsAbove(store, thing.item.parentId, expansion, asker);
  if (thing.kind !== 'content') return [];
  return store
    .ancestors(thing.item.id)
    .map((item) => contentOf(store, { kind: 'content', item }, expansion, asker));
}

/** The comments that a reply answers to, the first of the thread first. */
function commentsAbove(
  store: WorldStore,
  parentId: string | null,
  expansion: Expansion,
  asker: string | null,
): unknown[] {
  const parent = parentId === null ? undefined : store.comment(parentId);
  if (parent === undefined) return [];
  const shown = contentOf(store, { kind: 'comment', item: parent }, expansion, asker);
  return [...commentsAbove(store, parent.parentId, expansion, asker), shown];
}

function bodyOf(thing: Thing, expansion: Expansion): Record<string, unknown> {
  const body = thing.kind === 'attachment' ? '' : thing.item.body;
  const shown: Record<string, unknown> = {};
  for (const name of BODIES) {
    if (!expansion.has(name)) continue;
    const value =
      name === 'storage' || name === 'editor'
        ? body
        : name === 'atlas_doc_format'
          ? toAdf(body)
          : toView(body);
    shown[name] = { value, representation: name, embeddedContent: [], _expandable: { content: '' } };
  }
  return { ...shown, _expandable: expandable(expansion, BODIES) };
}

function metadataOf(thing: Thing, expansion: Expansion): Record<string, unknown> {
  const labels = thing.kind === 'comment' ? [] : thing.item.labels;
  if (!expansion.has('labels')) return { _expandable: { labels: '', currentuser: '', properties: '' } };
  return {
    labels: labelArray(labels),
    _expandable: { currentuser: '', properties: '' },
  };
}

/** Labels as v1 lists them. */
export function labelArray(labels: readonly string[]): Record<string, unknown> {
  const results = labels.map((label) => ({ ...labelOf(label), label: labelOf(label).name }));
  return { results, start: 0, limit: 200, size: results.length, _links: {} };
}

function extensionsOf(thing: Thing): Record<string, unknown> {
  if (thing.kind === 'attachment')
    return {
      mediaType: thing.item.mediaType,
      fileSize: sizeOf(thing.item),
      comment: thing.item.version.message,
      fileId: thing.item.fileId,
      collectionName: `contentId-${thing.item.containerId}`,
    };
  if (thing.kind === 'content') return { position: thing.item.position };
  const { kind, marker } = thing.item;
  return {
    location: kind,
    ...(marker === null
      ? {}
      : {
          inlineProperties: { originalSelection: marker.selection, markerRef: marker.ref },
          resolution: { status: marker.resolution },
        }),
    _expandable: {},
  };
}

/** A space as v1 shows one inside other things. */
export function spaceOf(store: WorldStore, space: Space): Record<string, unknown> {
  const names = [
    'settings',
    'metadata',
    'operations',
    'lookAndFeel',
    'permissions',
    'icon',
    'description',
    'theme',
  ];
  return {
    id: Number(space.id),
    key: space.key,
    alias: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    _expandable: Object.fromEntries(
      [...names, 'history', 'homepage', 'identifiers'].map((name) => [name, '']),
    ),
    _links: {
      webui: spacePath(space),
      self: `${siteBase(store)}/rest/api/space/${encodeURIComponent(space.key)}`,
    },
  };
}
