import type { Request } from 'express';
import { invalidInput } from '../errors.ts';
import type { RecordFilters } from '../../search/record-conditions.ts';
import { recordSorts } from '../../store/record-order.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import {
  everything,
  filterFields,
  filled,
  listFields,
  type ListState,
} from '../../web/screens/records/address.ts';
import { recordFilters } from '../api/record-schemas.ts';
import { formText, queryText } from './page.ts';

/** The list's state as an address or a posted form has it; what is not understood is left to `filtersOf`. */
export function listStateOf(req: Request, from: 'query' | 'form'): ListState {
  const given = (name: keyof ListState) =>
    (from === 'query' ? (queryText(req, name) ?? '') : formText(req, name)).trim().slice(0, 2_000);
  const read = Object.fromEntries(listFields.map((name) => [name, given(name)])) as unknown as ListState;
  const sort = recordSorts.find((known) => known === read.sort) ?? '';
  return { ...everything, ...read, sort };
}

/** The filters of a state; where one of them is none, what is wrong at which field. */
export function filtersOf(
  state: Partial<ListState>,
): { filters: RecordFilters; errors: null } | { filters: null; errors: FieldErrors } {
  const parsed = recordFilters.safeParse(Object.fromEntries(filled(state, filterFields)));
  if (parsed.success) return { filters: parsed.data, errors: null };
  const errors = Object.entries(invalidInput(parsed.error).fields).map(
    ([name, message]) => [name.split('.')[0] ?? name, message] as const,
  );
  return { filters: null, errors: Object.fromEntries(errors) };
}

/** Filters as they are stored, as the list's address has them. */
export function stateOfFilters(filters: Record<string, unknown>): Partial<ListState> {
  return Object.fromEntries(
    filterFields.flatMap((name) => {
      const value = filters[name];
      if (value === undefined || value === '' || value === null) return [];
      const text = Array.isArray(value) ? value.join(',') : String(value);
      return [[name, name.startsWith('modified') ? text.slice(0, 10) : text]];
    }),
  );
}
