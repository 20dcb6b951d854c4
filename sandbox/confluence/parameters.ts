import { Refusal } from './route.ts';

/** A query string, read by name. Lists may be repeated (`id=1&id=2`) or joined by commas. */
export interface Parameters {
  text(name: string): string | undefined;
  list(name: string): string[];
  /** Whole numbers, at most `most` of them. */
  ids(name: string, most: number): string[];
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined;
  choices<T extends string>(name: string, allowed: readonly T[]): T[];
  flag(name: string): boolean;
  /** v2: a number from 1 to 250, else 400. */
  limit(fallback?: number): number;
  /** v1: a number that is silently lowered to `most`. */
  upTo(name: string, fallback: number, most: number): number;
  number(name: string): number | undefined;
  /** The same query with some parameters replaced, for the link to the next page. */
  with(changes: Record<string, string | number>): string;
}

/** Wrong values throw a Refusal with 400, in the words of v2. */
export function parametersOf(search: string): Parameters {
  const query = new URLSearchParams(search);
  const wrong = (name: string, value: string, type: string): Refusal =>
    new Refusal(
      400,
      `Provided value {${value}} for '${name}' is not the correct type. Expected type is ${type}`,
    );
  const list = (name: string): string[] =>
    [...query.getAll(name), ...query.getAll(`${name}[]`)]
      .flatMap((value) => value.split(','))
      .filter((value) => value !== '');
  const number = (name: string): number | undefined => {
    const value = query.get(name);
    if (value === null) return undefined;
    if (!/^\d{1,15}$/.test(value)) throw wrong(name, value, 'int');
    return Number(value);
  };
  const parameters: Parameters = {
    text: (name) => query.get(name) ?? undefined,
    list,
    ids(name, most) {
      const ids = list(name);
      if (ids.length > most)
        throw new Refusal(
          400,
          `The maximum number of values for '${name}' is ${most}; ${ids.length} were given`,
        );
      const bad = ids.find((id) => !/^\d+$/.test(id));
      if (bad !== undefined) throw wrong(name, bad, 'long');
      return [...new Set(ids)];
    },
    choice(name, allowed) {
      const value = query.get(name);
      if (value === null) return undefined;
      const found = allowed.find((candidate) => candidate === value);
      if (found === undefined) throw wrong(name, value, `one of ${allowed.join(', ')}`);
      return found;
    },
    choices(name, allowed) {
      return list(name).map((value) => {
        const found = allowed.find((candidate) => candidate === value);
        if (found === undefined) throw wrong(name, value, `one of ${allowed.join(', ')}`);
        return found;
      });
    },
    flag: (name) => query.get(name) === 'true',
    limit(fallback = 25) {
      const limit = number('limit') ?? fallback;
      if (limit < 1 || limit > 250)
        throw new Refusal(400, `Provided value {${limit}} for 'limit' must be from 1 to 250`);
      return limit;
    },
    upTo: (name, fallback, most) => Math.min(number(name) ?? fallback, most),
    number,
    with(changes) {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(changes)) next.set(name, String(value));
      return next.toString();
    },
  };
  return parameters;
}
