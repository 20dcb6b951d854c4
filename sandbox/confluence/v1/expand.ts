/** What `expand` asks for, as a tree: `body.storage,version` asks for `body`, in it `storage`, and `version`. */
export interface Expansion {
  has(name: string): boolean;
  /** The expansion within a property; of nothing when it was not asked for. */
  in(name: string): Expansion;
}

export function expansionOf(paths: readonly string[]): Expansion {
  const expansion: Expansion = {
    has: (name) => paths.some((path) => path === name || path.startsWith(`${name}.`)),
    in: (name) =>
      expansionOf(
        paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1)),
      ),
  };
  return expansion;
}

/** `_expandable` names what was not asked for, with the path where it is found if it has one. */
export function expandable(
  expansion: Expansion,
  names: readonly string[],
  paths: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    names.filter((name) => !expansion.has(name)).map((name) => [name, paths[name] ?? '']),
  );
}
