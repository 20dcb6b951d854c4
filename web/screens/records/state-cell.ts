import type { RecordView } from '../../../server/api/present-record.ts';
import { badge } from '../../components/badge.ts';
import { html, type Html } from '../../html.ts';
import { recordState, ruleAddress, whyInState } from '../../presenters/record-state.ts';

/** A record's state with the reason in words, which leads to the rule where a setting is the reason. */
export function stateCell(
  record: Pick<RecordView, 'connectionId' | 'state' | 'stateReason' | 'failure'>,
): Html {
  const why = whyInState(record);
  const rule = ruleAddress(record.connectionId, record.stateReason);
  return html`${badge(recordState(record.state))}
  ${why === null ? null : html`<span class="meta"><span>${rule === null ? why : html`<a href=${rule}>${why}</a>`}</span></span>`}`;
}
