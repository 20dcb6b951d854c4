import type { ScopePreviewView } from '../../../server/services/scope-preview.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { reasonWords } from '../../../scope/reason-words.ts';
import { csrfField } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, duration, plural } from '../../time.ts';
import { drawer } from './drawer.ts';
import { contentTypeNames as kindNames } from './filters/fields.ts';

export interface ScopePreviewScreen {
  csrfToken: string;
  connection: ConnectionView;
  preview: ScopePreviewView;
  /** The form as it was posted: what is saved is what was looked at. */
  values: Readonly<Record<string, string>>;
}

/** What changed settings would do, before they are saved. */
export function scopePreviewScreen(view: ScopePreviewScreen): Page {
  const { connection, preview } = view;
  const base = `/connections/${connection.id}`;
  return {
    title: `What would change – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: drawer({
      heading: bdi(connection.name),
      steps: connection.steps,
      current: 'configure',
      base,
      body: html`<h2>What would change</h2>
        <p>Nothing is saved yet. This compares what you entered with what is stored now.</p>
        ${warnings(preview)} ${stored(preview)} ${fresh(preview)} ${cost(preview)} ${actions(view, base)}`,
    }),
  };
}

function warnings({ warning, complete, synced }: ScopePreviewView): Html {
  return html`${
    synced
      ? null
      : notice('quiet', 'Nothing is stored yet', 'The first sync brings in what is counted below.')
  }
  ${warning === null ? null : notice('warning', 'Much would be removed', warning)}
  ${
    complete
      ? null
      : notice(
          'warning',
          'Not everything was looked at',
          'There is more stored than could be compared while you wait: the counts are at least so many. A dry run compares everything.',
        )
  }`;
}

function stored({
  stored: sum,
  kinds,
  complete,
  removedBy,
  addedBy,
  samples,
  synced,
}: ScopePreviewView): Html {
  if (!synced && kinds.length === 0) return null;
  const about = complete ? '' : 'at least ';
  const fact = (name: string, n: number) =>
    html`<div>
      <dt>${name}</dt>
      <dd class="big">${about}${count(n)}</dd>
    </div>`;
  return html`<section class="stack" aria-labelledby="stored">
    <h3 id="stored">Of what is stored</h3>
    ${
      sum.added === 0 && sum.removed === 0
        ? html`<p>Nothing is added and nothing is removed.</p>`
        : html`<p>
            What is removed leaves the search with the next sync; in Confluence nothing changes. What is kept
            is not read again.
          </p>`
    }
    <dl class="facts">
      ${fact('Added', sum.added)} ${fact('Removed', sum.removed)} ${fact('Kept', sum.kept)}
      ${fact('Left out as before', sum.leftOut)}
    </dl>
    ${kinds.length === 0 ? null : kindTable(kinds)} ${because('removed-by', 'Removed because of', removedBy)}
    ${because('added-by', 'Added, and left out until now because of', addedBy)}
    ${examples('Examples of what is removed', samples.removed, sum.removed)}
    ${examples('Examples of what is added', samples.added, sum.added)}
  </section>`;
}

function kindTable(kinds: ScopePreviewView['kinds']): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="By kind">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Added</th>
          <th scope="col" class="number">Removed</th>
          <th scope="col" class="number">Kept</th>
          <th scope="col" class="number">Left out as before</th>
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          (one) =>
            html`<tr>
              <th scope="row">${kindNames[one.kind]}</th>
              <td class="number" data-label="Added">${count(one.added)}</td>
              <td class="number" data-label="Removed">${count(one.removed)}</td>
              <td class="number" data-label="Kept">${count(one.kept)}</td>
              <td class="number" data-label="Left out as before">${count(one.leftOut)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function because(
  id: string,
  title: string,
  reasons: readonly (ScopePreviewView['removedBy'][number] | ScopePreviewView['addedBy'][number])[],
): Html {
  if (reasons.length === 0) return null;
  return html`<div>
    <h4 id=${id}>${title}</h4>
    <ul aria-labelledby=${id}>
      ${reasons.map(
        ({ reason, records }) =>
          html`<li>
            ${reason === null ? 'another rule' : reasonWords[reason]}: ${plural(records, 'record')}
          </li>`,
      )}
    </ul>
  </div>`;
}

function examples(title: string, samples: ScopePreviewView['samples']['added'], all: number): Html {
  if (samples.length === 0) return null;
  return html`<details>
    <summary>${title} (${count(samples.length)} of ${count(all)})</summary>
    <ul class="stack plain">
      ${samples.map(({ externalId, kind, title: name, url, spaceKey }) => {
        const address = safeUrl(url);
        const text = bdi(name === '' ? externalId : name);
        return html`<li>
          ${address === null ? text : html`<a href=${address} rel="noreferrer">${text}</a>`}
          <span class="hint">${kindNames[kind]}${spaceKey === null ? null : html` in ${bdi(spaceKey)}`}</span>
        </li>`;
      })}
    </ul>
  </details>`;
}

function fresh({ site }: ScopePreviewView): Html {
  if (site.state === 'not_needed') return null;
  if (site.state === 'unreachable') {
    return notice(
      'warning',
      'What is new could not be counted',
      `${site.message ?? 'Confluence did not answer.'} What comes that is not stored yet is not in these figures. You can save all the same.`,
    );
  }
  const { spaces, ...items } = site.new;
  const each = Object.entries(items).filter(([, n]) => n > 0);
  const most = site.atMost ? 'at most ' : 'about ';
  return html`<section class="stack" aria-labelledby="fresh">
    <h3 id="fresh">Not stored yet, by the site’s own count</h3>
    ${
      spaces === 0 && each.length === 0
        ? html`<p>Nothing new comes in.</p>`
        : html`<p>
              These are
              estimates.${site.atMost ? ' Filters that look at each page will leave out some of it.' : ''}
            </p>
            <dl class="facts">
              ${spaces === 0 ? null : newFact('Spaces', count(spaces))}
              ${each.map(([name, n]) => newFact(newNames[name] ?? name, `${most}${count(n)}`))}
            </dl>`
    }
    ${
      site.spaces.length === 0
        ? null
        : html`<details>
            <summary>
              New spaces${spaces > site.spaces.length ? ` (the first ${count(site.spaces.length)})` : ''}
            </summary>
            <ul>
              ${site.spaces.map(({ key, name }) => html`<li>${bdi(name)} <code>${key}</code></li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

const newNames: Record<string, string> = {
  pages: 'Pages',
  blogposts: 'Blog posts',
  comments: 'Comments',
  attachments: 'Attachments',
};

const newFact = (name: string, value: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd class="big">${value}</dd>
  </div>`;

function cost({ cost: { requests, points, minutes, waits }, quota }: ScopePreviewView): Html {
  return html`<section class="stack" aria-labelledby="cost">
    <h3 id="cost">What the sync that follows costs, about</h3>
    <dl class="facts">
      ${newFact('Takes', minutes <= 1 ? 'a minute' : duration(minutes * 60))}
      ${newFact('Requests', count(requests))} ${newFact('Points', count(points))}
    </dl>
    ${
      quota === null
        ? null
        : html`<p class="hint">
            ${count(quota.used)} of ${count(quota.limit)} points are used this
            hour.${waits === 0 ? '' : ` It waits for the next hour’s points ${waits === 1 ? 'once' : `${count(waits)} times`}; that is part of the time.`}
          </p>`
    }
  </section>`;
}

function actions({ csrfToken, connection, values }: ScopePreviewScreen, base: string): Html {
  return html`<form method="post" action=${`${base}/configure`}>
    ${csrfField(csrfToken)}
    ${Object.entries(values).map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
    <div class="actions">
      <button class="primary" type="submit">Save these settings</button>
      <button type="submit" formaction=${`${base}/configure/dry-run`}>Dry run by these settings</button>
      <a class="button" href=${`${base}/configure`}>Back to editing</a>
      <a href=${`/connections/${connection.id}`}>Close</a>
    </div>
  </form>`;
}
