import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

const outside = new Set(['node_modules', '.sluice', '.git', 'coverage']);

/** Paths, from the root, of every file of ours that ends in one of `endings`; and of every folder, with a slash. */
export function filesOfOurs(...endings: string[]): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return outside.has(entry.name) ? [] : [`${path}/`, ...walk(path)];
      return endings.some((ending) => path.endsWith(ending)) ? [path] : [];
    });
  return walk('').sort();
}

export interface Import {
  /** Path of the importing file, from the root, and the line. */
  file: string;
  line: number;
  /** The imported file's path from the root, or the package's name. */
  target: string;
  ours: boolean;
  typeOnly: boolean;
}

/** What a source file imports or exports on, statically or by `import('…')`. */
export function importsIn(file: string, source = readFileSync(join(root, file), 'utf8')): Import[] {
  const pattern =
    /^(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const ours = name.startsWith('.');
    return {
      file,
      line: source.slice(0, match.index).split('\n').length,
      target: ours ? normalize(join(dirname(file), name)) : name,
      ours,
      typeOnly: match[1] !== undefined,
    };
  });
}
