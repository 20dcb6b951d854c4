import type { ExplainAnswer } from '../../../server/explain/answer.ts';
import { bdi, html, type Html } from '../../html.ts';
import { matchedBy } from '../../presenters/person.ts';
import { freshness } from '../record/verdict.ts';

/**
 * Which account a person is on each site, and how fresh what is known there is.
 * @param email whose accounts they are; null: the reader's own
 */
export function sitesPart(sites: ExplainAnswer['sites'], email: string | null, now: Date): Html {
  return html`<section class="card" aria-labelledby="known">
    <h2 id="known">
      ${email === null ? 'Who you are in Atlassian' : html`Who ${bdi(email)} is in Atlassian`}
    </h2>
    ${
      sites.length === 0
        ? html`<p>${email === null ? 'No Atlassian account is known as yours.' : 'No account is known.'}</p>`
        : html`<ul class="layers">
            ${sites.map((site) => siteItem(site, now))}
          </ul>`
    }
  </section>`;
}

function siteItem(site: ExplainAnswer['sites'][number], now: Date): Html {
  return html`<li>
    <div>
      <p>
        <strong>${bdi(site.connection)}</strong>${': '}
        ${
          site.accounts.length === 0
            ? `${site.reason} ${site.remedy ?? ''}`
            : site.accounts.map(({ name, accountId, source }, index) => [
                index === 0 ? null : ', ',
                bdi(name || accountId),
                ` (known ${matchedBy(source)})`,
              ])
        }
      </p>
      ${site.visitor ? html`<p class="hint">Sees besides what the site shows to visitors.</p>` : null}
      <p class="hint">${freshness(site, now)}</p>
    </div>
  </li>`;
}
