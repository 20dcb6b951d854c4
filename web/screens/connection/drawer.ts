import type { StepState } from '../../../server/views.ts';
import { html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import { stepNames, stepOrder, stepStates, type StepName } from '../../presenters/connection.ts';

export type Steps = Record<StepName, { state: StepState; reason: string | null }>;

/** The steps of a connection that is not stored yet. */
export const newSteps: Steps = {
  authenticate: { state: 'todo', reason: null },
  authorize: { state: 'locked', reason: 'Save Authenticate Instance first.' },
  configure: { state: 'locked', reason: 'Authorize first.' },
};

/** The drawer in which a connection is set up: its three steps at the top, one of them open below. */
export function drawer(options: {
  heading: Html;
  steps: Steps;
  current: StepName;
  /** `/connections/<id>`, or null while nothing is stored. */
  base: string | null;
  body: Html;
}): Html {
  const { heading, steps, current, base, body } = options;
  return html`<div class="page-head">
      <ol class="crumbs">
        <li><a href="/connections">Connections</a></li>
        ${base === null ? null : html`<li><a href=${base}>Overview</a></li>`}
      </ol>
      <h1>${heading}</h1>
    </div>
    <section class="card drawer" aria-label="Set-up">
      <nav aria-label="Set-up steps">
        <ol class="steps">
          ${stepOrder.map((name, index) => step(name, index + 1, steps[name], name === current, base))}
        </ol>
      </nav>
      <div class="drawer-body">${body}</div>
    </section>`;
}

function step(
  name: StepName,
  number: number,
  { state, reason }: Steps[StepName],
  isCurrent: boolean,
  base: string | null,
): Html {
  const shown = stepStates[state];
  const content = html`<span class="step-name">${number}. ${stepNames[name]}</span>
    <span class="step-state">
      ${icon(shown.icon)}<span>${shown.word}${reason !== null && state !== 'done' ? `: ${reason}` : ''}</span>
    </span>`;
  // A locked step stays a link: it opens on the reason and the way there.
  return html`<li class=${state}>
    ${
      base === null && !isCurrent
        ? html`<span class="step">${content}</span>`
        : html`<a
            href=${base === null ? '/connections/new' : `${base}/${name}`}
            aria-current=${isCurrent ? 'step' : undefined}
          >
            ${content}
          </a>`
    }
  </li>`;
}
