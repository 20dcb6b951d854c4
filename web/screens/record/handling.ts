import type { HistoryView, VersionView } from '../../../server/services/records/service.ts';
import type { RecordRow } from '../../../store/records-read.ts';
import { csrfField } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import { count } from '../../time.ts';
import { questionUrl, recordsBase } from '../records/address.ts';
import { stateCell } from '../records/state-cell.ts';

/** What administrators see and do of a record besides reading it. */
export interface RecordHandling {
  csrfToken: string;
  connection: { id: string; name: string };
  /** The body as Atlassian has it; null: there is none, or it is not for this administrator. */
  raw: string | null;
  history: HistoryView[];
  versions: VersionsShown;
}

/** `asked`: by the button, which sends one request to the site. */
export type VersionsShown =
  | { is: 'not_asked' }
  | { is: 'asked'; items: VersionView[]; more: boolean }
  | { is: 'refused'; why: string };

type Handled = Pick<
  RecordRow,
  'id' | 'type' | 'state' | 'stateReason' | 'version' | 'readable' | 'failure' | 'modifiedAt'
>;

/** Buttons for one record; each says what it reaches. */
export function recordActions(record: Handled, { csrfToken, connection }: RecordHandling): Html {
  const one: [string, string][] = [
    ['id', record.id],
    ['back', `/records/${record.id}`],
  ];
  const all: [string, string][] = [
    ['subtree', record.id],
    ['back', `/records/${record.id}`],
  ];
  const isPlace = record.type !== 'comment' && record.type !== 'attachment';
  const isIn = record.state === 'indexed' || record.state === 'pending' || record.state === 'failed';
  return html`<section class="card" aria-labelledby="handling">
    <h2 id="handling">What Sluice does with it</h2>
    <p>${stateCell({ ...record, connectionId: connection.id })}</p>
    <div class="actions">
      ${
        isIn
          ? html`<a class="button" href=${questionUrl(connection.id, 'unindex', one)}>Un-index</a>`
          : html`<a class="button" href=${questionUrl(connection.id, 'index', one)}>Index</a>`
      }
      ${
        isPlace
          ? html`<a class="button" href=${questionUrl(connection.id, 'index', all)}>Index it and all below</a>
              <a class="button" href=${questionUrl(connection.id, 'unindex', all)}
                >Un-index it and all below</a
              >
              <a class="button" href=${`${recordsBase(connection.id)}?at=${record.id}`}>Show in the tree</a>`
          : null
      }
      ${record.failure === null ? null : post(record.id, csrfToken, 'retry', 'Try again')}
      ${record.state === 'indexed' ? post(record.id, csrfToken, 'read-again', 'Read again now') : null}
    </div>
  </section>`;
}

function post(id: string, csrfToken: string, action: string, label: string): Html {
  return html`<form method="post" action=${`/records/${id}/${action}`}>
    ${csrfField(csrfToken)} <button type="submit">${label}</button>
  </form>`;
}

/** Raw body, versions and history, after what everybody sees. */
export function recordEvidence(record: Handled, handling: RecordHandling, now: Date): Html {
  return html`${rawBody(handling)} ${versions(record, handling, now)} ${history(handling, now)}`;
}

const rawShown = 100_000;

function rawBody({ raw }: RecordHandling): Html {
  if (raw === null || raw === '') return null;
  return html`<section class="card" aria-labelledby="raw">
    <h2 id="raw">Raw body</h2>
    <details>
      <summary>Show ${count(raw.length)} characters as Atlassian stores them</summary>
      <pre
        class="raw"
        tabindex="0"
        role="region"
        aria-label="Raw body"
      ><code>${raw.slice(0, rawShown)}</code></pre>
      ${raw.length > rawShown ? html`<p class="hint">The rest is in Atlassian, and in the API.</p>` : null}
    </details>
  </section>`;
}

function versions(record: Handled, { versions: shown }: RecordHandling, now: Date): Html {
  if (record.type !== 'page' && record.type !== 'blogpost') return null;
  const at = record.modifiedAt === null ? null : new Date(record.modifiedAt);
  return html`<section class="card" aria-labelledby="versions">
    <h2 id="versions">Versions</h2>
    <p>
      Version ${count(record.version)} is stored here${at === null ? null : html`, changed ${time(at, now)}`}.
    </p>
    ${
      shown.is === 'not_asked' && record.readable
        ? html`<form method="get" action=${`/records/${record.id}#versions`}>
            <input type="hidden" name="versions" value="1" />
            <button type="submit">List all versions from Atlassian</button>
          </form>`
        : null
    }
    ${shown.is === 'refused' ? notice('warning', 'The versions could not be read', shown.why) : null}
    ${
      shown.is === 'asked'
        ? html`<ul class="plain">
              ${shown.items.map(
                (one) =>
                  html`<li>
                    Version ${count(one.number)}, ${time(new Date(one.at), now)}
                    <span class="meta"
                      >${one.author === null ? null : html`<span>${bdi(one.author.name || one.author.accountId)}</span>`}
                      ${one.minor ? html`<span>minor</span>` : null}
                      ${one.message === '' ? null : html`<span>${bdi(one.message)}</span>`}</span
                    >
                  </li>`,
              )}
            </ul>
            ${shown.more ? html`<p class="hint">Older ones are in Atlassian.</p>` : null}`
        : null
    }
  </section>`;
}

function history({ history: lines }: RecordHandling, now: Date): Html {
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">History here</h2>
    ${
      lines.length === 0
        ? html`<p class="muted">Nothing was done with it in the last 90 days but reading it.</p>`
        : html`<ul class="plain">
            ${lines.map(
              (line) =>
                html`<li>
                  ${bdi(line.words)}
                  <span class="meta"
                    ><span>${time(new Date(line.at), now)}</span>
                    ${line.runId === null ? null : html`<span><a href=${`/runs/${line.runId}`}>The run</a></span>`}</span
                  >
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}
