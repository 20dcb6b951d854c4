import type { ComparisonView, DisagreementView } from '../../../server/permission-views.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { csrfField } from '../../components/form.ts';
import { emptyState, notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, plural } from '../../time.ts';
import { permissionsFrame } from './permissions-frame.ts';

export interface ComparedView {
  csrfToken: string;
  connection: ConnectionView;
  comparison: ComparisonView;
  disagreements: DisagreementView[];
  nextCursor: string | null;
  now: Date;
}

/** How our answers agree with Confluence's own, and each place where they do not. */
export function comparedScreen(view: ComparedView): Page {
  const { connection, comparison } = view;
  return {
    title: `Compared with Confluence – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${permissionsFrame(connection, 'compared')} ${state(comparison)} ${figures(view)}
    ${list(view)}`,
  };
}

function state({ refusal, hidden, open }: ComparisonView): Html {
  if (refusal !== null) {
    return notice(
      'warning',
      'Confluence does not let the connected account ask',
      html`It answered: ${bdi(refusal)} To compare, the account needs the global permission Confluence
      Administrator and, by OAuth, the scope read:confluence-content.permission. Nothing else depends on it.`,
    );
  }
  if (hidden > 0) {
    return notice(
      'bad',
      `${plural(hidden, 'page')} hidden from everybody`,
      'Confluence refuses somebody there whom Sluice admitted. Everything that led to it is read again in each permission sync; when both agree, the page is shown again.',
    );
  }
  if (open > 0) {
    return notice(
      'warning',
      `${plural(open, 'disagreement')} open`,
      'Confluence admits somebody whom Sluice refuses. It is read again in each permission sync.',
    );
  }
  return null;
}

function figures({ comparison, connection, csrfToken, now }: ComparedView): Html {
  const { agreement, compared, agreed, comparedAt } = comparison;
  return html`<section class="card" aria-labelledby="agreement">
    <h2 id="agreement">Agreement</h2>
    <dl class="facts">
      <div>
        <dt>In the last 30 days</dt>
        <dd class="big">${agreement === null ? '–' : percent(agreement)}</dd>
      </div>
      <div>
        <dt>Pairs of a person and a page</dt>
        <dd>${compared === 0 ? 'none yet' : `${count(agreed)} of ${count(compared)} agreed at once`}</dd>
      </div>
      <div>
        <dt>Last compared</dt>
        <dd>${time(comparedAt === null ? null : new Date(comparedAt), now, 'never')}</dd>
      </div>
    </dl>
    <p class="hint">
      Each night a random sample of people and pages is put to Confluence itself, half of them on restricted
      pages. Each question is one request and three points.
    </p>
    <form method="post" action=${`/connections/${connection.id}/permissions/compared`}>
      ${csrfField(csrfToken)}
      <div class="actions"><button type="submit">Compare now</button></div>
    </form>
  </section>`;
}

/** Never rounded up to 100 %. */
export function percent(share: number): string {
  const tenths = Math.floor(share * 1_000) / 10;
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)} %`;
}

function list({ disagreements, nextCursor, comparison, now }: ComparedView): Html {
  if (disagreements.length === 0) {
    return emptyState(
      'check',
      comparison.compared === 0 ? 'Nothing has been compared yet' : 'Confluence and Sluice agree',
      comparison.compared === 0
        ? 'The first sample is drawn at the end of the next permission sync.'
        : 'A disagreement would be listed here, with its layers, until it is resolved.',
    );
  }
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Disagreements">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Found</th>
            <th scope="col">State</th>
            <th scope="col">Page</th>
            <th scope="col">Person</th>
            <th scope="col">What was said</th>
            <th scope="col">Layers then</th>
          </tr>
        </thead>
        <tbody>
          ${disagreements.map((one) => row(one, now))}
        </tbody>
      </table>
    </div>
    ${
      nextCursor === null
        ? null
        : html`<p><a class="button" rel="next" href=${`?cursor=${nextCursor}`}>Older ones</a></p>`
    }`;
}

const layerWords = { product: 'Product', space: 'Space', content: 'Restriction' };

function row(one: DisagreementView, now: Date): Html {
  const title = one.title || one.externalId;
  return html`<tr>
    <td>${time(new Date(one.at), now)}</td>
    <td data-label="State">
      ${
        one.state === 'resolved'
          ? badge({ word: 'Resolved', tone: 'good', icon: 'check' })
          : one.tooOpen
            ? badge({ word: 'Hidden', tone: 'bad', icon: 'lock' })
            : badge({ word: 'Open', tone: 'warning', icon: 'attention' })
      }
    </td>
    <td data-label="Page">
      ${one.recordId === null ? bdi(title) : html`<a href=${`/records/${one.recordId}`}>${bdi(title)}</a>`}
    </td>
    <td data-label="Person">${bdi(one.person)}</td>
    <td data-label="What was said">
      ${one.tooOpen ? 'Confluence no, Sluice yes' : 'Confluence yes, Sluice no'}
      ${
        one.resolution === null
          ? null
          : html`<span class="hint"
              >${one.resolution} ${one.resolvedAt === null ? null : time(new Date(one.resolvedAt), now)}</span
            >`
      }
    </td>
    <td data-label="Layers then">
      <ul class="plain">
        ${one.layers.map(
          (layer) =>
            html`<li>
              ${layerWords[layer.kind]}${layer.kind === 'content' ? ` of ${layer.sourceId}` : ''}:
              ${layer.admitted ? 'admits' : layer.state === 'unknown' ? 'unknown' : 'refuses'}
            </li>`,
        )}
      </ul>
    </td>
  </tr>`;
}
