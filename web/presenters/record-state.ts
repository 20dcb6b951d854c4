import { stateWords } from '../../scope/state-words.ts';
import type { Reason } from '../../scope/reasons.ts';
import type { ToldState } from '../../store/told-state.ts';
import type { State } from '../components/badge.ts';

const states: Record<ToldState, State> = {
  indexed: { word: 'Indexed', tone: 'good', icon: 'check' },
  pending: { word: 'Pending', tone: 'busy', icon: 'clock' },
  filtered: { word: 'Filtered', tone: 'quiet', icon: 'filter' },
  failed: { word: 'Failed', tone: 'bad', icon: 'attention' },
  manual: { word: 'Manual', tone: 'quiet', icon: 'pause' },
};

/** In the order in which they are listed. */
export const recordStates = Object.keys(states) as ToldState[];

export const recordState = (state: ToldState): State => states[state];

/** Why it is in this state, in words; null where the state says it all. */
export function whyInState(record: {
  state: ToldState;
  stateReason: Reason | null;
  failure: { message: string } | null;
}): string | null {
  if (record.failure !== null) return record.failure.message;
  return stateWords(record.state, record.stateReason);
}

/** Where the rule that leaves a record out is set; null: no setting does. */
export function ruleAddress(connectionId: string, reason: Reason | null): string | null {
  if (reason === null || reason === 'unindexed' || reason === 'container') return null;
  const base = `/connections/${connectionId}`;
  if (reason === 'content.attachments') return `${base}/content`;
  return `${base}/configure#${reason === 'notChosen' || reason.startsWith('indexing.') ? 'indexing' : 'records'}`;
}
