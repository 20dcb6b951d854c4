import type { Reason } from '../../../scope/reasons.ts';
import type { RecordSort } from '../../../store/record-order.ts';
import type { ToldState } from '../../../store/told-state.ts';

/** The state of the list that its URL holds, named as GET /api/v1/records names it; empty: not narrowed. */
export interface ListState {
  q: string;
  state: ToldState | '';
  reason: Reason | '';
  type: string;
  space: string;
  label: string;
  author: string;
  /** `YYYY-MM-DD` */
  modifiedAfter: string;
  modifiedBefore: string;
  /** Id of a record. */
  parent: string;
  sort: RecordSort | '';
}

export const everything: ListState = {
  q: '',
  state: '',
  reason: '',
  type: '',
  space: '',
  label: '',
  author: '',
  modifiedAfter: '',
  modifiedBefore: '',
  parent: '',
  sort: '',
};

export const listFields = Object.keys(everything) as (keyof ListState)[];

/** What narrows the list, without its order: what a selection is made of. */
export const filterFields = listFields.filter((name) => name !== 'sort');

export const recordsBase = (connectionId: string) => `/connections/${connectionId}/records`;

/** The filled fields, for an address or for hidden fields of a form. */
export function filled(
  state: Partial<ListState>,
  fields: readonly (keyof ListState)[] = listFields,
): [string, string][] {
  return fields.flatMap((name) => {
    const value = state[name] ?? '';
    return value === '' ? [] : [[name, value] as [string, string]];
  });
}

export function listUrl(
  connectionId: string,
  state: Partial<ListState>,
  extra: Record<string, string> = {},
): string {
  const query = new URLSearchParams([...filled(state), ...Object.entries(extra)]).toString();
  return `${recordsBase(connectionId)}/list${query === '' ? '' : `?${query}`}`;
}

/** Where it is asked before something is done with records. */
export function questionUrl(
  connectionId: string,
  action: 'index' | 'unindex' | 'retry',
  target: [string, string][],
): string {
  const query = new URLSearchParams([['do', action], ...target]);
  return `${recordsBase(connectionId)}/choose?${query}`;
}

export const isNarrowed = (state: ListState) => filled(state, filterFields).length > 0;
