/** One thing that is not as it was: where (`sync.cron`), and how it was and is, as text; null: it was not there. */
export interface Difference {
  path: string;
  before: string | null;
  after: string | null;
}

/**
 * What differs between two values as an audit log keeps them: leaf by leaf, lists as wholes. A side that is null shows
 * all of the other.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [leaves(before), leaves(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((one) => one.before !== one.after);
}

function leaves(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return found;
  if (typeof value !== 'object' || Array.isArray(value)) {
    found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return found;
  }
  for (const [name, part] of Object.entries(value))
    leaves(part, path === '' ? name : `${path}.${name}`, found);
  return found;
}
