import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../imports.ts';
import type { Mutation } from './mutation.ts';

const left = new Set(['node_modules', '.sluice', '.git', 'coverage']);

/** A copy of the sources in a folder of its own, which may be broken; packages are linked. */
export interface Copy {
  folder: string;
  /** @returns what puts the file back as it was */
  apply(mutation: Mutation): () => void;
  remove(): void;
}

export function copySources(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mutations-'));
  cpSync(root, folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    apply(mutation) {
      const path = join(folder, mutation.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, mutated(source, mutation));
      return () => writeFileSync(path, source);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * The source with the mistake in it.
 * @throws Error where the place to change is not found exactly once: the mutation would prove nothing
 */
export function mutated(source: string, { name, file, search, replace }: Mutation): string {
  const found = source.split(search).length - 1;
  if (found !== 1)
    throw new Error(
      `"${name}": its place stands ${found} times in ${file}. Write the place as it is there now.`,
    );
  return source.replace(search, () => replace);
}
