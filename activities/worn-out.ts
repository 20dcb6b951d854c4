import { AtlassianError } from '../atlassian/errors.ts';

/** Atlassian does not know the place of a listing any more: cursors do not live for ever. */
export function isWornOut(error: unknown): boolean {
  return error instanceof AtlassianError && error.code === 'cursor_invalid';
}

/** A short walk, and once more from its top where its cursor is worn out. Storing twice changes nothing. */
export async function restarting<T>(walk: () => Promise<T>): Promise<T> {
  try {
    return await walk();
  } catch (error) {
    if (!isWornOut(error)) throw error;
    return walk();
  }
}
