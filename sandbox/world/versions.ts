import type { Version } from './types.ts';

export function firstVersion(createdAt: string, authorId: string): Version {
  return { number: 1, createdAt, authorId, message: '', minorEdit: false };
}

/** The version after `last`, made at `at`. */
export function nextVersion(
  last: Version,
  at: Date,
  change: { authorId?: string; message?: string; minorEdit?: boolean } = {},
): Version {
  return {
    number: last.number + 1,
    createdAt: at.toISOString(),
    authorId: change.authorId ?? last.authorId,
    message: change.message ?? '',
    minorEdit: change.minorEdit ?? false,
  };
}
