import type { ForecastView, QuotaView } from '../../../server/services/forecast.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, duration, plural } from '../../time.ts';
import { connectionFrame } from './frame.ts';

export interface SyncNowView {
  csrfToken: string;
  connection: ConnectionView;
  /** Empty while the connection is not authorized. */
  items: ForecastView[];
  quota: QuotaView | null;
  now: Date;
}

const kinds: Record<ForecastView['kind'], { title: string; does: string; button: string }> = {
  incremental: {
    title: 'What is new',
    does: 'Brings in what was added, changed, moved or deleted since the last sync.',
    button: 'Sync now',
  },
  full: {
    title: 'Everything again',
    does: 'Reads every page, comment and attachment anew, with who may see it. What is here stays searchable meanwhile.',
    button: 'Read everything again',
  },
  permissions: {
    title: 'Permissions',
    does: 'Reads who may see what, longest unread first, as far as its share of the hour goes.',
    button: 'Read permissions now',
  },
  sweep: {
    title: 'Sweep',
    does: 'Lists ids alone, to find what vanished or was missed. It goes on where the last one stopped.',
    button: 'Sweep now',
  },
};

const firstSync = {
  title: 'The first sync',
  does: 'Brings in everything that the account may see, with who may see it.',
  button: 'Sync now',
};

/** Which sync to start: each with what it does, what it costs and how long it takes. */
export function syncNowScreen(view: SyncNowView): Page {
  const { connection, items, quota, now } = view;
  return {
    title: `Sync now – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${connectionFrame(connection, 'overview')}
      <h2>Sync now</h2>
      ${
        items.length === 0
          ? notice(
              'warning',
              'Nothing can be synced yet',
              'The connection is not authorized.',
              html`<a class="button" href=${`/connections/${connection.id}/authorize`}>Go to Authorize</a>`,
            )
          : html`${quotaLine(connection, quota, now)}
            ${ordered(items).map((forecast, index) => card(view, forecast, index === 0))} ${dryRun(view)}`
      }`,
  };
}

/** What can be started comes first: before the first full sync that is the full one. */
function ordered(items: ForecastView[]): ForecastView[] {
  return items.toSorted((a, b) => Number(a.obstacle !== null) - Number(b.obstacle !== null));
}

function quotaLine({ settings, auth }: ConnectionView, quota: QuotaView | null, now: Date): Html {
  const bound = settings.sync?.requestsPerMinute;
  const own =
    bound === undefined
      ? null
      : html`<p class="hint">${plural(bound, 'request')} a minute at most, as set.</p>`;
  if (quota === null) {
    return html`<p>
        ${
          auth.method === 'oauth'
            ? 'Points are not counted yet.'
            : 'An API token has no hourly quota: points are shown for comparison.'
        }
      </p>
      ${own}`;
  }
  const shared =
    quota.sharing === 1 ? null : html` ${count(quota.sharing)} connections share them equally at present.`;
  return html`<p>
      <strong>${count(quota.used)} of ${count(quota.limit)} points</strong> are used this hour,
      ${count(quota.own)} of them by this connection.${shared}
    </p>
    <p class="hint">The next hour’s points come ${time(new Date(quota.refillsAt), now)}</p>
    ${own}`;
}

function card({ connection, csrfToken }: SyncNowView, forecast: ForecastView, isFirst: boolean): Html {
  const { kind, obstacle } = forecast;
  const never = connection.lastRun === null && connection.currentRun === null;
  const { title, does, button } = kind === 'full' && never ? firstSync : kinds[kind];
  return html`<section class="card" aria-labelledby=${`sync-${kind}`}>
    <h3 id=${`sync-${kind}`}>${title}</h3>
    <p>${does}</p>
    ${cost(forecast)}
    ${
      obstacle === null
        ? html`<form method="post" action=${`/connections/${connection.id}/sync`}>
            ${csrfField(csrfToken)}
            <input type="hidden" name="kind" value=${kind} />
            <div class="actions">
              <button class=${isFirst ? 'primary' : ''} type="submit">${button}</button>
            </div>
          </form>`
        : html`<p class="muted">Not now: ${obstacle}</p>`
    }
  </section>`;
}

/** Beside the syncs: what one would do, without doing it. */
function dryRun({ connection, csrfToken, items }: SyncNowView): Html {
  const full = items.find(({ kind }) => kind === 'full');
  const obstacle = full?.obstacle ?? null;
  return html`<section class="card" aria-labelledby="dry-run">
    <h3 id="dry-run">Dry run</h3>
    <p>
      Tells what a full sync would add, update, remove and leave out, and why. It lists everything in scope
      without the text of any page, stores none of it and removes nothing. The report can be downloaded, and
      is kept for 30 days.
    </p>
    <p class="hint">
      ${
        full?.requests == null || full.points === null
          ? 'It costs less than a full sync.'
          : `It costs less than a full sync: at most about ${plural(full.requests, 'request')} and ${plural(full.points, 'point')}.`
      }
      No other sync of content runs meanwhile.
    </p>
    ${
      obstacle === null
        ? html`<form method="post" action=${`/connections/${connection.id}/dry-run`}>
            ${csrfField(csrfToken)}
            <div class="actions"><button type="submit">Start a dry run</button></div>
          </form>`
        : html`<p class="muted">Not now: ${obstacle}</p>`
    }
  </section>`;
}

function cost(forecast: ForecastView): Html {
  const { requests, points, minutes, waits } = forecast;
  if (requests === null || points === null || minutes === null) {
    return html`<p class="muted">
      What it costs is not known: the site could not be asked how much there is.
    </p>`;
  }
  return html`<dl class="facts">
      <div>
        <dt>Takes about</dt>
        <dd class="big">${minutes <= 1 ? 'a minute' : duration(minutes * 60)}</dd>
      </div>
      <div>
        <dt>Requests</dt>
        <dd class="big">${count(requests)}</dd>
      </div>
      <div>
        <dt>Points</dt>
        <dd class="big">${count(points)}</dd>
      </div>
    </dl>
    <p class="hint">
      ${basis(forecast)}
      ${waits === 0 ? '' : ` It waits for the next hour’s points ${waits === 1 ? 'once' : `${count(waits)} times`}; that is part of the time.`}
    </p>`;
}

function basis({ kind, basis: from, runs, pages }: ForecastView): string {
  const size = pages === null ? '' : ` (${plural(pages, 'page and blog post', 'pages and blog posts')})`;
  switch (from) {
    case 'past_runs':
      return kind === 'full'
        ? `By the last full sync, and what is stored now${size}.`
        : `By what the last ${runs === 1 ? 'one' : count(runs)} took on average.`;
    case 'stored':
      return kind === 'incremental'
        ? 'At most so much while nothing is new; changes add to it.'
        : `By what is stored${size}.`;
    case 'counted':
      return `By what the site says it holds${size}.`;
    case 'unknown':
      return '';
  }
}
