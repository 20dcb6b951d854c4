import type { RecordView } from '../../../server/api/present-record.ts';
import type { RecordCountsView } from '../../../server/services/records/service.ts';
import type { ConnectionView } from '../../../server/views.ts';
import type { CountsBelow, SpaceCounts } from '../../../store/record-counts.ts';
import { emptyState } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import type { Page } from '../../layout.ts';
import { recordKind } from '../../presenters/record.ts';
import { recordState, recordStates } from '../../presenters/record-state.ts';
import { count, plural } from '../../time.ts';
import { listUrl, questionUrl, recordsBase } from './address.ts';
import { recordsFrame, stateChips } from './frame.ts';
import { stateCell } from './state-cell.ts';

/** A place of the tree whose next level is shown. */
export type TreeAt =
  | { is: 'top' }
  | { is: 'space'; key: string; name: string }
  | { is: 'record'; record: RecordView };

export interface TreeScreen {
  connection: ConnectionView;
  counts: RecordCountsView;
  at: TreeAt;
  /** At the top. */
  spaces: SpaceCounts[];
  /** Elsewhere: places directly below, then what belongs to the place itself. */
  places: RecordView[];
  parts: RecordView[];
  /** By external id. */
  below: ReadonlyMap<string, CountsBelow>;
  /** Addresses of what follows; null: that is all. */
  more: string | null;
  /** Comments and attachments beyond those shown. */
  moreParts: boolean;
}

/** The tree, a level at a time: what lies where, and what of it is indexed. */
export function treeScreen(view: TreeScreen): Page {
  const { connection, counts, at } = view;
  const nothing = counts.records === 0;
  return {
    title: `All records – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${recordsFrame(connection, 'tree')}
    ${
      nothing
        ? emptyState(
            'page',
            'No records yet',
            'Spaces, pages, blog posts, comments and attachments are listed here after the first sync.',
            html`<a class="button" href=${`/connections/${connection.id}`}>Go to the overview</a>`,
          )
        : html`${stateChips(connection.id, counts, '')} ${crumbs(view)} ${actions(view)}
          ${at.is === 'top' ? spaceList(view) : level(view)} ${further(view.more)}`
    }`,
  };
}

const spaceUrl = (id: string, key: string) => `${recordsBase(id)}?space=${encodeURIComponent(key)}`;
const placeUrl = (id: string, record: string) => `${recordsBase(id)}?at=${record}`;

function crumbs({ connection, at }: TreeScreen): Html {
  if (at.is === 'top') return null;
  const space = at.is === 'space' ? at : at.record.space;
  const above = at.is === 'record' ? at.record.ancestors : [];
  const here = at.is === 'space' ? at.name : at.record.title;
  return html`<nav aria-label="Place in the tree">
    <ol class="crumbs">
      <li><a href=${recordsBase(connection.id)}>All spaces</a></li>
      ${space === null || at.is === 'space' ? null : html`<li><a href=${spaceUrl(connection.id, space.key)}>${bdi(space.name)}</a></li>`}
      ${above.map((place) => html`<li><a href=${placeUrl(connection.id, place.id)}>${bdi(place.title)}</a></li>`)}
      <li aria-current="location">${bdi(here)}</li>
    </ol>
  </nav>`;
}

function actions({ connection, at }: TreeScreen): Html {
  if (at.is === 'top') return null;
  const target: [string, string][] = at.is === 'space' ? [['space', at.key]] : [['subtree', at.record.id]];
  const what = at.is === 'space' ? 'this space' : 'this and all below';
  return html`<div class="row spread">
    <h2>${bdi(at.is === 'space' ? at.name : at.record.title)}</h2>
    <div class="actions">
      ${at.is === 'record' ? html`<a class="button" href=${`/records/${at.record.id}`}>Open the record</a>` : html`<a class="button" href=${listUrl(connection.id, { space: at.key })}>Show as a list</a>`}
      <a class="button" href=${questionUrl(connection.id, 'index', target)}>Index ${what}</a>
      <a class="button" href=${questionUrl(connection.id, 'unindex', target)}>Un-index ${what}</a>
    </div>
  </div>`;
}

function spaceList({ connection, spaces }: TreeScreen): Html {
  return html`<ul class="tree">
    ${spaces.map(
      (space) =>
        html`<li>
          <a class="tree-name" href=${spaceUrl(connection.id, space.key)}
            >${icon('folder')} ${bdi(space.name)}</a
          >
          <span class="meta"
            ><span>Space ${bdi(space.key)}</span
            >${space.status === 'current' ? null : html`<span>${space.status}</span>`}</span
          >
          ${states(space.states, false)}
        </li>`,
    )}
  </ul>`;
}

function level(view: TreeScreen): Html {
  const { connection, at, places, parts, moreParts } = view;
  const empty = places.length === 0 && parts.length === 0;
  if (empty) return html`<p class="muted">Nothing is stored below this place.</p>`;
  return html`${
    places.length === 0
      ? null
      : html`<ul class="tree">
          ${places.map((place) => branch(view, place))}
        </ul>`
  }
  ${
    parts.length === 0
      ? null
      : html`<section aria-labelledby="parts">
          <h3 id="parts">Comments and attachments of it</h3>
          <ul class="tree">
            ${parts.map((part) => branch(view, part))}
          </ul>
          ${moreParts && at.is === 'record' ? html`<p><a href=${listUrl(connection.id, { parent: at.record.id })}>Show all in a list</a></p>` : null}
        </section>`
  }`;
}

function branch({ connection, below }: TreeScreen, record: RecordView): Html {
  const kind = recordKind(record.type);
  const counted = below.get(record.externalId);
  const title = record.title === '' ? `${kind.word} ${record.externalId}` : record.title;
  return html`<li>
    ${
      counted === undefined
        ? html`<a class="tree-name" href=${`/records/${record.id}`}>${icon(kind.icon)} ${bdi(title)}</a>`
        : html`<a class="tree-name" href=${placeUrl(connection.id, record.id)}
            >${icon(kind.icon)} ${bdi(title)}</a
          >`
    }
    <span class="meta"
      ><span>${kind.word}</span
      >${counted === undefined ? null : html`<span><a href=${`/records/${record.id}`} aria-label=${`Record of ${title}`}>Record</a></span>`}</span
    >
    <span class="tree-state">${stateCell(record)}</span>
    ${counted === undefined ? null : states(counted.states, counted.more)}
  </li>`;
}

function states(of: CountsBelow['states'], more: boolean): Html {
  const known = recordStates.filter((state) => (of[state] ?? 0) > 0);
  const all = known.reduce((sum, state) => sum + (of[state] ?? 0), 0);
  if (more)
    return html`<span class="tree-counts meta"
      ><span>more than ${plural(all - 1, 'record')} below</span></span
    >`;
  return html`<span class="tree-counts meta">
    <span>${plural(all, 'record')} below</span>
    ${known.map((state) => {
      const { word, icon: name } = recordState(state);
      return html`<span>${icon(name)} ${count(of[state] ?? 0)} ${word.toLowerCase()}</span>`;
    })}
  </span>`;
}

function further(more: string | null): Html {
  return more === null
    ? null
    : html`<p class="actions"><a class="button" rel="next" href=${more}>Show more</a></p>`;
}
