import { html, type Html } from '../html.ts';
import { icon, type IconName } from '../icons.ts';

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'quiet';

/** A state as word, icon and colour together: never colour alone. */
export interface State {
  word: string;
  tone: Tone;
  icon: IconName;
}

export function badge(state: State): Html {
  return html`<span class=${`badge ${state.tone}`}>${icon(state.icon)}${state.word}</span>`;
}
