import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import { sampleEndings, sampleFile } from '../../sandbox/world/files/sample.ts';
import { fileIdOf } from '../../sandbox/world/mutators-discussion.ts';
import type { Attachment, World } from '../../sandbox/world/types.ts';

/** The page that everybody sees, and the one that Mia sees alone. */
export const openPage = '2001';
export const closedPage = '2003';

export interface File {
  title: string;
  mediaType: string;
  data: Attachment['data'];
}

/** An attachment of the small world. */
export function attached(id: string, containerId: string, file: File): Attachment {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    id,
    fileId: fileIdOf(id),
    containerId,
    status: 'current',
    ...file,
    authorId: SMALL.admin,
    createdAt,
    version: { number: 1, createdAt, authorId: SMALL.admin, message: '', minorEdit: false },
    labels: [],
  };
}

export const base64 = (bytes: Buffer | string) => ({ base64: Buffer.from(bytes).toString('base64') });

/** A word that stands in the files of one kind alone. */
export const wordOf = (ending: string) => `quagmire${ending}`;

export function sample(ending: string, name: string, lines: readonly string[]): File {
  const { title, mediaType, bytes } = sampleFile(ending, name, lines);
  return { title, mediaType, data: base64(bytes) };
}

/** A file of every kind on either page, and what has no text. */
export function worldOfFiles(): World {
  const world = createSmallWorld();
  world.content = [
    smallPage(openPage, { title: 'Top' }),
    smallPage(closedPage, {
      title: 'Leaf',
      parentId: openPage,
      restrictions: {
        read: { users: [SMALL.mia, SMALL.admin], groups: [] },
        update: { users: [], groups: [] },
      },
    }),
  ];
  world.attachments = [
    ...sampleEndings.flatMap((ending, index) => {
      const lines = [`The ${wordOf(ending)} was drained in May.`, 'Nobody saw it.'];
      return [
        attached(`att${100 + index}`, openPage, sample(ending, 'open', lines)),
        attached(`att${200 + index}`, closedPage, sample(ending, 'closed', lines)),
      ];
    }),
    attached('att300', openPage, { title: 'a.png', mediaType: 'image/png', data: { size: 500 } }),
    attached('att301', openPage, { title: 'a.zip', mediaType: 'application/zip', data: { size: 500 } }),
  ];
  return world;
}
