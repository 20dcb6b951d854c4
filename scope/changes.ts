import type { FilterSettings, IndexingSettings, ScopeSettings, TimeFilter } from './settings.ts';

type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** Settings of a connection; parts that decide nothing here may be there, too. */
export interface ScopeRelevant {
  filters?: Loose<FilterSettings> | undefined;
  scope?: Loose<ScopeSettings> | undefined;
  indexing?: Loose<IndexingSettings> | undefined;
  content?: unknown;
  [other: string]: unknown;
}

/**
 * Whether other records are wanted by `after` than by `before`, or what becomes of a page is another: reasons to sync. Two
 * ways of saying the same thing are no change; how a field of the record is called is none either, because that is looked
 * up where the record is read.
 */
export function changesScope(before: ScopeRelevant, after: ScopeRelevant): boolean {
  return canonical(before) !== canonical(after);
}

function canonical(settings: ScopeRelevant): string {
  const { filters = {}, scope = {}, indexing = {} } = settings;
  const { modified, created, ...lists } = filters;
  const byLabels = scope.by === 'labels';
  const { mode = 'automatic', ...toggles } = indexing;
  const { fields: _fields, ...rules } = (settings.content ?? {}) as Record<string, unknown>;
  return JSON.stringify(
    sorted({
      lists: Object.fromEntries(
        Object.entries(lists).map(([name, list]) => [
          name,
          list === undefined
            ? undefined
            : { operator: list.operator, values: [...new Set(list.values)].sort() },
        ]),
      ),
      modified: times(modified),
      created: times(created),
      labels: byLabels
        ? { page: scope.pageLabel ?? 'ai-ingest', tree: scope.treeLabel ?? 'ai-ingest-all' }
        : undefined,
      archivedSpaces: scope.archivedSpaces === true,
      personalSpaces: scope.personalSpaces ?? !byLabels,
      off: Object.entries(toggles)
        .filter(([, on]) => on === false)
        .map(([name]) => name)
        .sort(),
      mode,
      rules,
    }),
  );
}

/** Where it is shown from does not change what a time is. */
function times(filter: TimeFilter | undefined): unknown {
  if (filter === undefined) return undefined;
  const at = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  const { operator } = filter;
  return {
    operator,
    from: at('from' in filter ? filter.from : undefined),
    to: at('to' in filter ? filter.to : undefined),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, each]) => [name, sorted(each)]),
  );
}
