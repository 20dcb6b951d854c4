import type { RecordCountsView } from '../../../server/services/records/service.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { tabRow } from '../../components/tabs.ts';
import { html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import { recordState, recordStates } from '../../presenters/record-state.ts';
import { count } from '../../time.ts';
import { connectionFrame } from '../connection/frame.ts';
import { listUrl, recordsBase } from './address.ts';

export type RecordsPart = 'tree' | 'list' | 'selections';

/** What every page on a connection's records starts with. */
export function recordsFrame(connection: ConnectionView, current: RecordsPart): Html {
  const base = recordsBase(connection.id);
  const parts: [RecordsPart, string, string][] = [
    ['tree', base, 'Tree'],
    ['list', `${base}/list`, 'List'],
    ['selections', `${base}/selections`, 'Saved selections'],
  ];
  return html`${connectionFrame(connection, 'records')} ${tabRow('All records', parts, current)}`;
}

/** How many records are in which state, each a link to their list. */
export function stateChips(connectionId: string, counts: RecordCountsView, current: string): Html {
  const of = new Map(counts.states.map(({ state, records }) => [state, records]));
  return html`<nav aria-label="States">
    <ul class="chips">
      <li>
        <a
          class=${current === 'all' ? 'chip chosen' : 'chip'}
          href=${listUrl(connectionId, {})}
          aria-current=${current === 'all' ? 'true' : undefined}
          >All <span class="count">${count(counts.records)}</span></a
        >
      </li>
      ${recordStates
        .filter((state) => of.has(state) || state === current)
        .map((state) => {
          const { word, icon: name } = recordState(state);
          return html`<li>
            <a
              class=${current === state ? 'chip chosen' : 'chip'}
              href=${listUrl(connectionId, { state })}
              aria-current=${current === state ? 'true' : undefined}
              ><span>${icon(name)} ${word}</span> <span class="count">${count(of.get(state) ?? 0)}</span></a
            >
          </li>`;
        })}
    </ul>
  </nav>`;
}
