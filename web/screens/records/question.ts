import type { ConnectionView } from '../../../server/views.ts';
import type { ReachView } from '../../../server/services/records/choosing.ts';
import { csrfField } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { recordState, recordStates } from '../../presenters/record-state.ts';
import { count, plural } from '../../time.ts';
import { recordsFrame } from './frame.ts';

export type RecordAction = 'index' | 'unindex' | 'retry';

export interface QuestionScreen {
  csrfToken: string;
  connection: ConnectionView;
  action: RecordAction;
  /** What it is about: fields of the form. */
  target: [string, string][];
  kind: 'records' | 'subtree' | 'space' | 'selection' | 'all';
  reach: ReachView;
  back: string;
}

/** Asks before something is done with records, with how many there are and what becomes of them. */
export function questionScreen(view: QuestionScreen): Page {
  const { connection, action, target, reach, back } = view;
  const title = questions[action](view);
  return {
    title: `${title} – ${connection.name}`,
    nav: 'connections',
    content: html`${recordsFrame(connection, 'list')}
      <section class="card" aria-labelledby="question">
        <h2 id="question">${title}</h2>
        <p>${what(view)}</p>
        ${stateList(reach)}
        <p>${follows[action]}</p>
        <form class="stack" method="post" action=${`/connections/${connection.id}/records/choose`}>
          ${csrfField(view.csrfToken)}
          <input type="hidden" name="do" value=${action} />
          <input type="hidden" name="back" value=${back} />
          ${target.map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
          <div class="actions">
            <button class=${action === 'unindex' ? 'danger' : 'primary'} type="submit">
              ${buttons[action]}
            </button>
            <a href=${back}>Leave it as it is</a>
          </div>
        </form>
      </section>`,
  };
}

const questions: Record<RecordAction, (view: QuestionScreen) => string> = {
  index: ({ reach }) => `Index ${plural(reach.records, 'record')}?`,
  unindex: ({ reach }) => `Un-index ${plural(reach.records, 'record')}?`,
  retry: ({ reach }) => `Try ${plural(reach.records, 'record')} again?`,
};

const buttons: Record<RecordAction, string> = { index: 'Index', unindex: 'Un-index', retry: 'Try again' };

const follows: Record<RecordAction, string> = {
  index:
    'What is not here yet is read by a sync that starts now, or by the one that is under way or comes next. The filters still count: what one of them leaves out stays out. Comments and attachments go with their page.',
  unindex:
    'It is gone from search and from every answer at once, with its comments and attachments; its text is deleted here and nothing changes in Atlassian. It stays listed here, and you can index it again: then it is read anew.',
  retry: 'Of these, what failed is tried again by a sync that starts now. The rest stays as it is.',
};

function what({ kind, reach: { name } }: QuestionScreen): Html {
  switch (kind) {
    case 'subtree':
      return html`<strong>${bdi(name ?? '')}</strong> and all that lies below it.`;
    case 'space':
      return html`All of the space <strong>${bdi(name ?? '')}</strong>, with what comes to it later.`;
    case 'selection':
      return html`What fits the selection <strong>${bdi(name ?? '')}</strong> now.`;
    case 'all':
      return 'All records that match the filters now.';
    case 'records':
      return name === null ? 'The chosen records.' : html`<strong>${bdi(name)}</strong>.`;
  }
}

function stateList({ states }: ReachView): Html {
  return html`<ul>
    ${recordStates
      .filter((state) => (states[state] ?? 0) > 0)
      .map(
        (state) => html`<li>${count(states[state] ?? 0)} now ${recordState(state).word.toLowerCase()}</li>`,
      )}
  </ul>`;
}
