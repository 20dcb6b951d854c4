import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Grants, GrantsState } from './oauth/grants.ts';

/** Loads what an earlier run issued, and writes every change back, whole or not at all. */
export function keepState(file: string, grants: Grants): { save(): void } {
  const known = read(file);
  if (known !== null) grants.load(known);
  const save = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(grants.save()), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  let planned = false;
  grants.onChange(() => {
    if (planned) return;
    planned = true;
    // Once a turn: a consent and the exchange after it need not write twice.
    setImmediate(() => {
      planned = false;
      save();
    });
  });
  return { save };
}

function read(file: string): GrantsState | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as GrantsState;
  } catch (error) {
    // Absent at the first start; a damaged file costs a new consent and nothing else.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
