/** Paths of the packages that are asked for and not there; `how` as in installed.mjs. */
export function missingPackages(root: string, how?: 'record' | 'folders' | 'all'): string[];
/** True when the program of the package `node` is in place. */
export function nodeIsInstalled(root: string): boolean;
