import type { Hit, SearchPage } from '../../../search/types.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import { placesBelow, recordKind } from '../../presenters/record.ts';
import { count, plural } from '../../time.ts';

/** "12 results", "1,000+ results": only what the viewer may see is counted. */
export function totalWords(page: SearchPage, q: string): string {
  const total = page.totalIsExact
    ? plural(page.totalVisible, 'result')
    : `${count(page.totalVisible)}+ results`;
  if (page.totalVisible === 0) return q === '' ? 'Nothing here yet' : 'No results';
  return q === '' ? `${total}, newest first` : total;
}

export function hitList(hits: Hit[], now: Date): Html {
  return html`<ol class="results" aria-label="Results">
    ${hits.map((hit) => hitItem(hit, now))}
  </ol>`;
}

function hitItem(hit: Hit, now: Date): Html {
  const kind = recordKind(hit.type);
  const url = safeUrl(hit.url);
  const of = html`<span class="hidden-visually"> of ${bdi(hit.title)}</span>`;
  const details = html`<a href=${`/records/${hit.id}`}>Details${of}</a>`;
  return html`<li class="hit">
    ${icon(kind.icon)}
    <article>
      <ol class="crumbs" aria-label="Where it is">
        ${hit.space === null ? null : html`<li>${bdi(hit.space.name)}</li>`}
        ${placesBelow(hit.space, hit.breadcrumbs).map((crumb) => html`<li>${bdi(crumb.title)}</li>`)}
      </ol>
      <h2>${url === null ? bdi(hit.title) : html`<a href=${url} rel="noreferrer">${bdi(hit.title)}</a>`}</h2>
      ${hit.snippet.length === 0 ? null : snippet(hit.snippet)}
      <p class="meta">
        <span>${kind.word}</span>
        <span>${bdi(hit.connection.name)}</span>
        ${hit.modifiedAt === null ? null : html`<span>${time(new Date(hit.modifiedAt), now)}</span>`}
        ${hit.author === null || hit.author.name === '' ? null : html`<span>${bdi(hit.author.name)}</span>`}
        <span>${details}</span>
      </p>
    </article>
  </li>`;
}

/** Matches are marked by the search as segments: all of them are text. */
function snippet(segments: Hit['snippet']): Html {
  return html`<p class="snippet" dir="auto">
    ${segments.map((segment) => (segment.mark ? html`<mark>${segment.text}</mark>` : segment.text))}
  </p>`;
}
