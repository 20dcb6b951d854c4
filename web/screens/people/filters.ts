import { select } from '../../components/form.ts';
import { html, type Html } from '../../html.ts';
import { count } from '../../time.ts';

/** What both lists of people are narrowed by. */
export interface PeopleFiltersView {
  connections: readonly { id: string; name: string }[];
  filter: { state: string; connection: string };
  /** How many there are, by state. */
  counts: Readonly<Record<string, number>>;
  /** Names of the reasons for not being matched, by their codes. */
  reasonNames: Readonly<Record<string, string>>;
  /** Everybody who is not matched: how the list begins. */
  usual: { value: string; label: string };
}

/** Which states to show: a reason that nobody has is offered only while it is chosen. */
export function stateSelect({ filter, counts, reasonNames, usual }: PeopleFiltersView): Html {
  const reasons = Object.entries(reasonNames).filter(
    ([name]) => (counts[name] ?? 0) > 0 || filter.state === name,
  );
  return select({
    name: 'state',
    label: 'Show',
    value: filter.state,
    choices: [
      usual,
      ...reasons.map(([value, label]) => ({ value, label: `${label} (${count(counts[value] ?? 0)})` })),
      { value: 'matched', label: `Matched (${count(counts['matched'] ?? 0)})` },
      { value: 'all', label: 'Everybody' },
    ],
  });
}

/** Of which site; nothing where there is only one. */
export function siteSelect({ connections, filter }: PeopleFiltersView): Html {
  if (connections.length < 2) return null;
  return html`${select({
    name: 'connection',
    label: 'Site',
    value: filter.connection,
    choices: [
      { value: '', label: 'All sites' },
      ...connections.map(({ id, name }) => ({ value: id, label: name })),
    ],
  })}`;
}
