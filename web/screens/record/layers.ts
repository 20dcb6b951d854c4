import type { AccessAnswer } from '../../../server/api/present-access.ts';
import { badge, type State } from '../../components/badge.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import { plural } from '../../time.ts';

type LayerView = AccessAnswer['layers'][number];

const kinds = { product: 'Product access', space: 'Space', content: 'Restriction' };

/** Each layer with its verdict, why, and when it was read: on a narrow screen a card each. */
export function layersTable(layers: readonly LayerView[], nextReadAt: string | null, now: Date): Html {
  if (layers.length === 0) return null;
  return html`<table class="cards">
    <caption class="hidden-visually">
      Layers: every one must admit
    </caption>
    <thead>
      <tr>
        <th scope="col">Layer</th>
        <th scope="col">Verdict</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${layers.map(
        (layer) =>
          html`<tr>
            <td>
              <strong>${kinds[layer.kind]}</strong>${
                layer.kind === 'product' ? null : html`: ${bdi(layer.name ?? layer.sourceId)}`
              }
              ${
                layer.readAt === null
                  ? null
                  : html`<p class="hint">read ${time(new Date(layer.readAt), now)}</p>`
              }
            </td>
            <td data-label="Verdict">${badge(verdictOf(layer))}</td>
            <td data-label="Why">${why(layer, nextReadAt, now)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function verdictOf(layer: LayerView): State {
  if (layer.admitted) return { word: 'Admits', tone: 'good', icon: 'check' };
  if (layer.state === 'unknown') return { word: 'Not known', tone: 'warning', icon: 'attention' };
  return { word: 'Refuses', tone: 'bad', icon: 'lock' };
}

function why(layer: LayerView, nextReadAt: string | null, now: Date): Html {
  if (layer.admitted) return admissions(layer, now);
  if (layer.state === 'unknown') {
    const due = nextReadAt === null ? null : new Date(nextReadAt);
    const again =
      due === null
        ? null
        : due < now
          ? 'The next permission sync tries again.'
          : html`The next permission sync, due ${time(due, now)}, tries again.`;
    return html`It could not be read, so it admits
    nobody${layer.reason === null ? null : html`: ${bdi(layer.reason)}`}. ${again}`;
  }
  if (layer.admits === null) return 'It does not admit this person.';
  const { principals, more } = layer.admits;
  if (principals.length === 0) return 'It admits nobody whom Sluice knows.';
  return html`It admits
  ${principals.map(({ principal, name, known }, index) => [
    index === 0 ? null : ', ',
    bdi(name === null || name === '' ? principal : name),
    known ? null : ' (its members could not be read)',
  ])}${more === 0 ? '.' : ` and ${more} more.`}`;
}

function admissions(layer: LayerView, now: Date): Html {
  return html`<ul class="plain">
    ${layer.admissions.map(({ path, groups: [group] }) => {
      const read =
        group === undefined || group.readAt === null
          ? null
          : html` <span class="hint">(members read ${time(new Date(group.readAt), now)})</span>`;
      return html`<li>${bdi(path)}${read}</li>`;
    })}
    ${layer.moreAdmissions === 0 ? null : html`<li>and in ${plural(layer.moreAdmissions, 'more way')}</li>`}
  </ul>`;
}
