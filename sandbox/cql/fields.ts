import type { Operator } from './ast.ts';
import type { CqlItem } from './item.ts';
import { CQL_TYPES } from './item.ts';

/**
 * How a field compares. `exact`: equality without regard to case. `words`: full text. `title`: both.
 * `date`: order. `user`: equality of account ids, `currentUser()` allowed.
 */
export type Field =
  | { kind: 'exact'; read: (item: CqlItem) => readonly string[]; only?: readonly string[] }
  | { kind: 'user'; read: (item: CqlItem) => readonly string[] }
  | { kind: 'words'; read: (item: CqlItem) => string }
  | { kind: 'title'; read: (item: CqlItem) => string }
  | { kind: 'date'; read: (item: CqlItem) => number };

const one =
  (read: (item: CqlItem) => string | null) =>
  (item: CqlItem): readonly string[] => {
    const value = read(item);
    return value === null || value === '' ? [] : [value];
  };

const ofUser = (item: CqlItem): string => (item.type === 'user' ? item.id : '');

/** The fields of the language, by lower-case name, as far as the sandbox knows them. */
export const FIELDS: Readonly<Record<string, Field>> = {
  id: { kind: 'exact', read: one((item) => item.id) },
  content: { kind: 'exact', read: one((item) => item.id) },
  type: { kind: 'exact', read: one((item) => item.type), only: CQL_TYPES },
  space: { kind: 'exact', read: one((item) => item.spaceKey) },
  'space.key': { kind: 'exact', read: one((item) => item.spaceKey) },
  'space.type': { kind: 'exact', read: one((item) => item.spaceType) },
  'space.title': { kind: 'title', read: (item) => item.spaceTitle },
  title: { kind: 'title', read: (item) => item.title },
  text: { kind: 'words', read: (item) => item.text() },
  sitesearch: { kind: 'words', read: (item) => item.text() },
  label: { kind: 'exact', read: (item) => item.labels },
  macro: { kind: 'exact', read: (item) => item.macros() },
  creator: { kind: 'user', read: one((item) => item.creator) },
  contributor: { kind: 'user', read: (item) => item.contributors() },
  mention: { kind: 'user', read: (item) => item.mentions() },
  parent: { kind: 'exact', read: one((item) => item.parent) },
  ancestor: { kind: 'exact', read: (item) => item.ancestors() },
  container: { kind: 'exact', read: one((item) => item.container) },
  created: { kind: 'date', read: (item) => item.created },
  lastmodified: { kind: 'date', read: (item) => item.lastModified },
  user: { kind: 'user', read: one(ofUser) },
  'user.accountid': { kind: 'user', read: one(ofUser) },
  'user.userkey': { kind: 'user', read: one(ofUser) },
  'user.fullname': { kind: 'title', read: (item) => (item.type === 'user' ? item.title : '') },
};

const EQUALITY: readonly Operator[] = ['=', '!=', 'in', 'not in'];
const TEXT: readonly Operator[] = ['~', '!~'];
const ORDER: readonly Operator[] = ['>', '>=', '<', '<='];

export const OPERATORS_OF: Readonly<Record<Field['kind'], readonly Operator[]>> = {
  exact: EQUALITY,
  user: EQUALITY,
  words: TEXT,
  title: [...EQUALITY, ...TEXT],
  date: ['=', '!=', ...ORDER],
};

/** What ORDER BY accepts; `id` orders as a number where both are. */
export const SORT_FIELDS: Readonly<Record<string, (item: CqlItem) => number | string>> = {
  created: (item) => item.created,
  lastmodified: (item) => item.lastModified,
  title: (item) => item.title.toLowerCase(),
  id: (item) => Number(item.id) || 0,
};
