import type { RecordCountsView } from '../../../server/services/records/service.ts';
import { field, select, type FieldErrors } from '../../components/form.ts';
import { html, type Html } from '../../html.ts';
import { recordKind } from '../../presenters/record.ts';
import { recordState, recordStates } from '../../presenters/record-state.ts';
import { count } from '../../time.ts';
import { isNarrowed, listUrl, recordsBase, type ListState } from './address.ts';

const further = ['space', 'label', 'author', 'modifiedAfter', 'modifiedBefore'] as const;

const sorts = [
  { value: '', label: 'Stored last' },
  { value: 'title', label: 'Title' },
  { value: 'modified', label: 'Changed last' },
  { value: 'created', label: 'Created last' },
  { value: 'state', label: 'State' },
];

/** What narrows the list, and its order: a form whose fields stand in the address. */
export function listFilters(view: {
  connectionId: string;
  state: ListState;
  counts: RecordCountsView;
  errors: FieldErrors;
}): Html {
  const { connectionId, state, counts, errors } = view;
  const of = new Map<string, number>(counts.states.map((one) => [one.state, one.records]));
  return html`<form
    class="card"
    method="get"
    action=${`${recordsBase(connectionId)}/list`}
    aria-label="Filters"
  >
    ${
      state.parent === ''
        ? null
        : html`<input type="hidden" name="parent" value=${state.parent} />
            <p>
              Only what lies directly below <a href=${`/records/${state.parent}`}>one record</a>, or belongs
              to it. <a href=${listUrl(connectionId, { ...state, parent: '' })}>Show it from everywhere</a>
            </p>`
    }
    <div class="record-filters">
      ${field({ name: 'q', label: 'Words, title or id', value: state.q, errors })}
      ${select({
        name: 'state',
        label: 'State',
        value: state.state,
        errors,
        choices: [
          { value: '', label: 'Any' },
          ...recordStates.map((name) => ({
            value: name,
            label: `${recordState(name).word} (${count(of.get(name) ?? 0)})`,
          })),
        ],
      })}
      ${select({
        name: 'reason',
        label: 'Left out by',
        value: state.reason,
        errors,
        choices: [
          { value: '', label: 'Anything' },
          ...reasonChoices(counts),
          ...(state.reason === '' || counts.reasons.some(({ reason }) => reason === state.reason)
            ? []
            : [{ value: state.reason, label: state.reason }]),
        ],
      })}
      ${select({
        name: 'type',
        label: 'Kind',
        value: state.type,
        errors,
        choices: [
          { value: '', label: 'Any' },
          ...counts.kinds.map(({ type, records }) => ({
            value: type,
            label: `${recordKind(type).many} (${count(records)})`,
          })),
        ],
      })}
      ${select({ name: 'sort', label: 'Order', value: state.sort, choices: sorts, errors })}
    </div>
    <details open=${further.some((name) => state[name] !== '')}>
      <summary>More filters: space, label, author, dates</summary>
      <div class="record-filters">
        ${field({ name: 'space', label: 'Space key', value: state.space, errors })}
        ${field({ name: 'label', label: 'Label', value: state.label, errors })}
        ${field({ name: 'author', label: 'Author', value: state.author, errors })}
        ${field({ name: 'modifiedAfter', label: 'Changed from (UTC)', type: 'date', value: state.modifiedAfter, errors })}
        ${field({ name: 'modifiedBefore', label: 'Changed before (UTC)', type: 'date', value: state.modifiedBefore, errors })}
      </div>
    </details>
    <div class="actions">
      <button class="primary" type="submit">Show</button>
      ${isNarrowed(state) ? html`<a href=${listUrl(connectionId, {})}>Show all</a>` : null}
    </div>
  </form>`;
}

/** A rule leaves out in two states, where a page is left out by hand: it is one choice. */
function reasonChoices({ reasons }: RecordCountsView): { value: string; label: string }[] {
  const sums = new Map<string, number>();
  for (const { reason, records } of reasons) sums.set(reason, (sums.get(reason) ?? 0) + records);
  return [...sums].map(([reason, records]) => ({
    value: reason,
    label: `${reasons.find((one) => one.reason === reason)?.words} (${count(records)})`,
  }));
}
