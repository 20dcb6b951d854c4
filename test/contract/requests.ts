import type { Route } from '../../sandbox/confluence/route.ts';
import { CASES, PARAMS } from './cases.ts';
import type { Case } from './cases.ts';

export const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The address of a case: names in the path filled from the case, or by the kind of thing that they stand behind. */
export function target(path: string, { params = {}, query }: Case): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const before =
      path
        .slice(0, path.indexOf(`{${name}}`))
        .split('/')
        .at(-2) ?? '';
    return encodeURIComponent(params[name] ?? PARAMS[before] ?? '');
  });
  return query === undefined ? filled : `${filled}?${query}`;
}

/** What `send` needs besides the address. */
export function how(
  { method }: Route,
  { body, as }: Case,
): { method: string; body?: unknown; as?: string | null } {
  return {
    method: method.toUpperCase(),
    ...(as === undefined ? {} : { as }),
    ...(body === undefined ? {} : { body }),
  };
}

/** Paths that answer 410, and so have no cases. */
export function removedPaths(routes: readonly Route[]): Set<string> {
  return new Set(
    routes.filter((route) => route.scopes.length === 0 && !CASES[nameOf(route)]).map(({ path }) => path),
  );
}
