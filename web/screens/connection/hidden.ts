import type { HiddenPage, HiddenView } from '../../../server/services/hidden.ts';
import type { ConnectionView } from '../../../server/views.ts';
import type { HiddenCause } from '../../../store/hidden-obstacles.ts';
import { csrfField } from '../../components/form.ts';
import { emptyState, notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, plural } from '../../time.ts';
import { permissionsFrame } from './permissions-frame.ts';

export interface HiddenScreen {
  csrfToken: string;
  connection: ConnectionView;
  /** The one that is shown whole; null: a few of each. */
  cause: HiddenCause | null;
  hidden: HiddenPage;
  now: Date;
}

const headings: Record<HiddenCause, { title: string; says: string }> = {
  product: {
    title: 'Who has Confluence is not known',
    says: 'Nobody passes a layer that could not be read, and every page has this one.',
  },
  space: {
    title: 'Spaces whose permissions are not known',
    says: 'Nobody sees a space until Confluence has told who may view it.',
  },
  place: {
    title: 'Places that carry nothing',
    says: 'A restriction holds for everything below it. Where a place above is not known, neither are its restrictions.',
  },
  restriction: {
    title: 'Restrictions that could not be read',
    says: 'Something is restricted, and to whom is not known.',
  },
  unread: {
    title: 'Not read yet',
    says: 'Content is shown once its own restriction has been read.',
  },
  held: {
    title: 'Held by a disagreement',
    says: 'Confluence was asked about somebody and answered no where Sluice said yes.',
  },
  unseen: {
    title: 'Not seen any more',
    says: 'Confluence no longer lists these. They are hidden, and not removed before it is sure.',
  },
};

/** What nobody is shown, and why. */
export function hiddenScreen(view: HiddenScreen): Page {
  const { connection, hidden } = view;
  const causes = (Object.keys(headings) as HiddenCause[]).filter((cause) => (hidden.counts[cause] ?? 0) > 0);
  const shown = view.cause === null ? causes : causes.filter((cause) => cause === view.cause);
  return {
    title: `Hidden from everybody – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${permissionsFrame(connection, 'hidden')}
    ${
      causes.length === 0
        ? nothingHidden(view)
        : html`${summary(view)} ${view.cause === null ? null : way(view)}
          ${shown.length === 0 ? html`<p class="muted">Nothing is hidden for this cause any more.</p>` : null}
          ${shown.map((cause) => part(view, cause))}`
    }`,
  };
}

function nothingHidden({ hidden, connection }: HiddenScreen): Html {
  if (hidden.records > 0) {
    return notice(
      'busy',
      `${plural(hidden.records, 'record')} hidden for the moment`,
      'A sync has stored them and not settled yet who may see them. Load this page again when it has ended.',
    );
  }
  return connection.lastRun === null && connection.currentRun === null
    ? emptyState(
        'lock',
        'Nothing has been synced yet',
        'What nobody may be shown is listed here after the first sync.',
      )
    : emptyState(
        'check',
        'Nothing is hidden from everybody',
        'Every record has its layers, and all of them are known.',
      );
}

function summary({ hidden, connection, csrfToken, now }: HiddenScreen): Html {
  const { nextAt } = connection.permissions;
  return html`<section class="card" aria-labelledby="hidden-records">
    <h2 id="hidden-records">${plural(hidden.records, 'record')} nobody is shown</h2>
    <p>
      What is not known about access admits nobody, administrators included. Everything here is tried again by
      itself, and what keeps failing after growing waits, up to a day.
    </p>
    ${nextAt === null ? null : html`<p class="hint">Next permission sync: ${time(new Date(nextAt), now)}</p>`}
    <form method="post" action=${`/connections/${connection.id}/permissions/read`}>
      ${csrfField(csrfToken)}
      <div class="actions"><button type="submit">Read permissions now</button></div>
    </form>
  </section>`;
}

function way({ connection }: HiddenScreen): Html {
  return html`<p><a href=${`/connections/${connection.id}/permissions/hidden`}>All causes</a></p>`;
}

function part(view: HiddenScreen, cause: HiddenCause): Html {
  const { hidden, connection, now } = view;
  const items = hidden.items.filter((one) => one.cause === cause);
  const all = hidden.counts[cause] ?? 0;
  const base = `/connections/${connection.id}/permissions/hidden?cause=${cause}`;
  const { title, says } = headings[cause];
  return html`<section aria-labelledby=${cause}>
    <h2 id=${cause}>${title}: ${count(all)}</h2>
    <p class="hint">${says}</p>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="cards hidden-list">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" class="number">Hides</th>
            <th scope="col">Why</th>
            <th scope="col">What to do</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          ${items.map((one) => row(one, now))}
        </tbody>
      </table>
    </div>
    ${
      view.cause === null && items.length < all
        ? html`<p class="actions"><a class="button" href=${base}>Show all ${count(all)}</a></p>`
        : null
    }
    ${
      hidden.nextCursor === null
        ? null
        : html`<p class="actions">
            <a class="button" rel="next" href=${`${base}&cursor=${encodeURIComponent(hidden.nextCursor)}`}>
              Show more
            </a>
          </p>`
    }
  </section>`;
}

function row(one: HiddenView, now: Date): Html {
  const url = safeUrl(one.url);
  return html`<tr>
    <td>
      ${one.recordId === null ? bdi(one.title) : html`<a href=${`/records/${one.recordId}`}>${bdi(one.title)}</a>`}
      <span class="meta">
        <span>${one.type}</span>
        ${
          url === null
            ? null
            : html`<span>
                <a href=${url} rel="noreferrer" aria-label=${`Open in Atlassian: ${one.title}`}
                  >Open in Atlassian</a
                >
              </span>`
        }
      </span>
    </td>
    <td class="number" data-label="Hides">${count(one.records)}${one.more ? ' or more' : ''}</td>
    <td data-label="Why">
      ${bdi(one.reason)}
      ${
        one.httpStatus === null && one.traceId === null
          ? null
          : html`<span class="meta">
              ${one.httpStatus === null ? null : html`<span>HTTP ${one.httpStatus}</span>`}
              ${one.traceId === null ? null : html`<span>trace <code>${one.traceId}</code></span>`}
            </span>`
      }
    </td>
    <td data-label="What to do">
      ${one.remedy} ${one.cause === 'held' ? html` <a href="compared">Compared with Confluence</a>` : null}
    </td>
    <td data-label="Since">
      ${time(one.since === null ? null : new Date(one.since), now, '–')}
      ${
        one.attempts === null || one.lastTriedAt === null
          ? null
          : html`<span class="meta">
              <span
                >tried ${one.attempts === 1 ? 'once' : `${count(one.attempts)} times`}, last
                ${time(new Date(one.lastTriedAt), now)}</span
              >
            </span>`
      }
    </td>
  </tr>`;
}
