import { readFileSync } from 'node:fs';
import { CommandFailed, exits } from './exit.ts';

/** Where a secret stands. It is never an argument: those of a process are shown to everybody on the machine. */
export interface SecretPlace {
  env?: string | undefined;
  file?: string | undefined;
  stdin?: boolean | undefined;
}

export interface SecretSources {
  env: Record<string, string | undefined>;
  stdin: () => Promise<string>;
}

/**
 * Reads a secret. @throws CommandFailed that names the place and what is wrong with it.
 */
export async function readSecret(place: SecretPlace, sources: SecretSources): Promise<string> {
  const wrong = (why: string) => new CommandFailed(exits.usage, why);
  if (place.env !== undefined) {
    const value = sources.env[place.env]?.trim() ?? '';
    if (value === '') throw wrong(`The environment variable ${place.env} is not set.`);
    return value;
  }
  if (place.file !== undefined) {
    const value = readText(place.file).trim();
    if (value === '') throw wrong(`${place.file} is empty.`);
    return value;
  }
  const value = place.stdin === true ? (await sources.stdin()).trim() : '';
  if (value === '') throw wrong('The secret is missing: give it by standard input, a variable or a file.');
  return value;
}

/** @throws CommandFailed in words where a file cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new CommandFailed(exits.usage, `${path} cannot be read (${code}).`);
  }
}
