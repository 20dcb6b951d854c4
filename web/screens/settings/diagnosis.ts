import type { CheckResult, Diagnosis, Verdict } from '../../../server/diagnosis/check.ts';
import { badge, type State } from '../../components/badge.ts';
import { select } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { plural } from '../../time.ts';
import { settingsFrame } from './frame.ts';

const verdicts: Record<Verdict, State> = {
  failed: { word: 'Failed', tone: 'bad', icon: 'attention' },
  warning: { word: 'Warning', tone: 'warning', icon: 'attention' },
  skipped: { word: 'Skipped', tone: 'quiet', icon: 'dot' },
  ok: { word: 'OK', tone: 'good', icon: 'check' },
};
const order = Object.keys(verdicts);

/** What a sync stands on, looked at when somebody asks; what has failed first. */
export function diagnosisScreen(view: {
  diagnosis: Diagnosis | null;
  connections: { id: string; name: string }[];
  /** Id of the connection that was looked at; empty: the installation and the first few. */
  chosen: string;
  now: Date;
}): Page {
  const { diagnosis, connections, chosen } = view;
  return {
    title: 'Diagnosis',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('diagnosis')}
      <p>
        Looks at the credential, scopes and rights of a connection, the way to Atlassian, the clock, the
        database, Temporal and the encryption key. It changes nothing, and asks each site a handful of
        requests.
      </p>
      <form class="row end" method="get" action="/settings/diagnosis">
        <input type="hidden" name="run" value="1" />
        ${select({
          name: 'connection',
          label: 'Connection',
          value: chosen,
          choices: [
            { value: '', label: 'The first three, what needs you first' },
            ...connections.map(({ id, name }) => ({ value: id, label: name })),
          ],
        })}
        <div class="actions">
          <button class="primary" type="submit">Run the diagnosis</button>
        </div>
      </form>
      ${diagnosis === null ? null : results(diagnosis, view)}`,
  };
}

function results(diagnosis: Diagnosis, { chosen, now }: { chosen: string; now: Date }): Html {
  const { counts, checks, at } = diagnosis;
  const download = chosen === '' ? '' : `?${new URLSearchParams({ connection: chosen })}`;
  const sorted = checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const title =
    counts.failed > 0
      ? `${plural(counts.failed, 'check has', 'checks have')} failed`
      : counts.warning > 0
        ? `${plural(counts.warning, 'warning')}, and nothing has failed`
        : 'Nothing is wrong';
  const tone = counts.failed > 0 ? 'bad' : counts.warning > 0 ? 'warning' : 'good';
  return html`${notice(
      tone,
      title,
      html`${plural(counts.ok, 'check is', 'checks are')} OK, ${counts.skipped} skipped, looked at
      ${time(new Date(at), now)}.`,
      html`<a class="button" href=${`/settings/diagnosis.txt${download}`} download
        >Run again and download as text</a
      >`,
    )}
    <ul class="stack plain">
      ${sorted.map(result)}
    </ul>`;
}

function result({ title, connection, state, found, why, remedy, docs }: CheckResult): Html {
  return html`<li class="card">
    <div class="row spread">
      <h2>
        ${title}${connection === null ? null : html` · <a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a>`}
      </h2>
      ${badge(verdicts[state])}
    </div>
    <p>${found}</p>
    ${
      remedy === null
        ? null
        : html`<dl>
            <dt>Why it matters</dt>
            <dd>${why}</dd>
            <dt>What to do</dt>
            <dd>${remedy}</dd>
            <dt>More</dt>
            <dd><code>${docs}</code></dd>
          </dl>`
    }
  </li>`;
}
