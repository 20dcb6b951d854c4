import type { ExplainAnswer } from '../../server/explain/answer.ts';
import { badge } from '../components/badge.ts';
import { errorSummary, field, type FieldErrors } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import { bdi, html, safeUrl, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import { recordKind } from '../presenters/record.ts';
import { sitesPart } from './explain/sites.ts';
import { verdictPart, type Asker } from './record/verdict.ts';

export interface ExplainView {
  /** What was typed. */
  item: string;
  /** Of an administrator: whom it is about. */
  user: string;
  asker: Asker;
  /** Null before anything was asked, and where the form came back. */
  answer: ExplainAnswer | null;
  errors: FieldErrors;
  now: Date;
}

const titles: Record<Asker, string> = {
  administrator: 'Why doesn’t somebody see…?',
  member: 'Why don’t I see…?',
  somebody: 'Why doesn’t this person see…?',
};

/** One question, by address or title, and its answer. */
export function explainScreen(view: ExplainView): Page {
  const { answer, asker } = view;
  return {
    title: titles[asker],
    nav: 'search',
    content: html`${errorSummary(view.errors)}
      <div class="page-head"><h1>${titles[asker]}</h1></div>
      ${form(view)} ${answer === null ? null : html`<div class="stack">${result(answer, view)}</div>`}`,
  };
}

function form({ item, user, asker, errors }: ExplainView): Html {
  return html`<form class="stack card" method="get" action="/explain">
    ${field({
      name: 'item',
      label: 'Address or title of the page',
      value: item,
      errors,
      required: true,
      hint: 'The address as it is in your browser, a link that somebody sent, or the title.',
    })}
    ${
      asker === 'administrator'
        ? field({
            name: 'user',
            label: 'Email of the person',
            value: user,
            errors,
            inputmode: 'email',
            hint: 'Empty: yourself.',
          })
        : null
    }
    <div class="actions"><button class="primary" type="submit">Explain</button></div>
  </form>`;
}

function result(answer: ExplainAnswer, view: ExplainView): Html {
  const [first, ...others] = answer.items;
  if (first === undefined)
    return view.asker === 'administrator' ? absent(answer, view) : hidden(answer, view);
  if (others.length === 0) return one(first, view);
  return html`<section class="card" aria-labelledby="matches">
    <h2 id="matches">${answer.items.length}${answer.more ? ' or more' : ''} match</h2>
    <ul class="layers">
      ${answer.items.map((item) => match(item, view.asker))}
    </ul>
    ${answer.more ? html`<p class="hint">There are more. Give the address of the one that you mean.</p>` : null}
  </section>`;
}

function one(access: ExplainAnswer['items'][number], { asker, now }: ExplainView): Html {
  const { record } = access;
  const kind = recordKind(record.type);
  const url = safeUrl(record.url);
  return html`<section class="card" aria-labelledby="found">
    <h2 id="found"><a href=${`/records/${record.id}`}>${bdi(record.title)}</a></h2>
    <p class="meta">
      <span>${icon(kind.icon)} ${kind.word}</span>
      ${record.space === null ? null : html`<span>${bdi(record.space.name)}</span>`}
      ${
        url === null
          ? null
          : html`<span><a href=${url} rel="noreferrer">Open in Atlassian ${icon('external')}</a></span>`
      }
    </p>
    ${verdictPart(access, asker, now)}
  </section>`;
}

function match(access: ExplainAnswer['items'][number], asker: Asker): Html {
  const { record, visible, user } = access;
  const state = visible
    ? ({ word: 'Visible', tone: 'good', icon: 'check' } as const)
    : ({ word: 'Hidden', tone: 'bad', icon: 'lock' } as const);
  const query = asker === 'administrator' ? `?user=${encodeURIComponent(user.email)}` : '';
  return html`<li>
    <div>
      <p>
        <a href=${`/records/${record.id}${query}#access`}>${bdi(record.title)}</a>
        ${record.space === null ? null : html`<span class="muted"> in ${bdi(record.space.name)}</span>`}
        ${badge(state)}
      </p>
      ${asker === 'administrator' ? html`<p class="hint">${bdi(access.reason)}</p>` : null}
    </div>
  </li>`;
}

function absent(answer: ExplainAnswer, { now }: ExplainView): Html {
  return html`${notice(
    'warning',
    answer.reason,
    html`<ul>
      ${answer.absence.map(({ message }) => html`<li>${bdi(message)}</li>`)}
    </ul>`,
  )}
  ${sitesPart(answer.sites, answer.user.email, now)}`;
}

/** The same words whether it is not there, not read or not to be seen. */
function hidden(answer: ExplainAnswer, { asker, now }: ExplainView): Html {
  const reasons = html`<p>Whether it is there at all is not told. It can be that:</p>
    <ul>
      ${answer.possibleReasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>`;
  return html`${notice('quiet', answer.reason, reasons)}
    <section class="card prose" aria-labelledby="todo">
      <h2 id="todo">What to do</h2>
      <ol>
        ${answer.remedies.map((remedy) => html`<li>${remedy}</li>`)}
      </ol>
      <p class="actions"><a class="button" href="/profile">Check your Atlassian account</a></p>
    </section>
    ${sitesPart(answer.sites, asker === 'member' ? null : answer.user.email, now)}`;
}
