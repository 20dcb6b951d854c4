import { mostOffered, mostRules } from '../../../content/rules/limits.ts';

/** The form of the content rules, as typed. A row whose name is empty counts as absent. */
export interface ContentFormValues {
  /** Version of the settings that were looked at. */
  version: string;
  fields: readonly { name: string; from: string; default: string }[];
  macrosDefault: string;
  /** `handling` empty: as macros in general. */
  macros: readonly { name: string; handling: string }[];
  tables: string;
  images: string;
  attachmentsDefault: string;
  /** `types`: media types and extensions, separated by commas. */
  types: readonly { types: string; handling: string }[];
  /** In megabytes; empty: no limit. */
  largest: string;
  larger: string;
  /** The page that is previewed, as somebody named it. */
  item: string;
}

/** Ids and names of a row's inputs, which errors point at. */
export const inputs = {
  field: (row: number, part: 'name' | 'from' | 'default') => `field-${row}-${part}`,
  macro: (row: number, part: 'name' | 'handling') => `macro-${row}-${part}`,
  type: (row: number, part: 'types' | 'handling') => `type-${row}-${part}`,
};

/** Empty rows below those that say something, of each kind. */
export const emptyRows = 2;

/** Rows that a posted form may bring. */
export const mostRows = {
  fields: mostRules.fields + emptyRows,
  macros: mostRules.macros + mostOffered + emptyRows,
  types: mostRules.types + emptyRows,
};
