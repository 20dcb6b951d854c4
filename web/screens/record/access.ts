import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';

/** Why one person can or cannot see a record: the explanation that the API gives, too. */
export interface AccessView {
  user: { email: string };
  visible: boolean;
  reason: string;
  layers: {
    kind: 'product' | 'space' | 'content';
    sourceId: string;
    name: string | null;
    state: 'known' | 'unknown';
    admitted: boolean;
    by: { principal: string; name: string | null } | null;
    reason: string | null;
    readAt: string | null;
  }[];
}

const kinds = { product: 'Product access', space: 'Space', content: 'Restriction' };

export function accessPart(recordId: string, access: AccessView, unknown: string | null, now: Date): Html {
  return html`<section class="card" aria-labelledby="access">
    <h2 id="access">Who may see it</h2>
    <form class="row end" method="get" action=${`/records/${recordId}#access`}>
      <div class=${unknown === null ? 'field grow' : 'field grow has-error'}>
        <label for="user">Email of a person</label>
        ${unknown === null ? null : html`<p class="field-error" id="user-error">There is no user here with this email.</p>`}
        <input
          id="user"
          name="user"
          value=${unknown ?? access.user.email}
          aria-invalid=${unknown === null ? undefined : 'true'}
          aria-describedby=${unknown === null ? undefined : 'user-error'}
          inputmode="email"
          autocomplete="off"
        />
      </div>
      <button type="submit">Explain</button>
    </form>
    <p class=${`row ${access.visible ? 'tone-good' : 'tone-bad'}`}>
      ${icon(access.visible ? 'check' : 'lock')}
      <strong>${access.user.email} ${access.visible ? 'may see it' : 'may not see it'}.</strong>
      <span>${access.reason}</span>
    </p>
    ${
      access.layers.length === 0
        ? null
        : html`<ol class="layers" aria-label="Layers">
            ${access.layers.map((layer) => layerItem(layer, now))}
          </ol>`
    }
  </section>`;
}

function layerItem(layer: AccessView['layers'][number], now: Date): Html {
  const tone = layer.admitted ? 'tone-good' : layer.state === 'unknown' ? 'tone-warning' : 'tone-bad';
  return html`<li class=${tone}>
    ${icon(layer.admitted ? 'check' : layer.state === 'unknown' ? 'attention' : 'lock')}
    <div>
      <p>
        <strong
          >${kinds[layer.kind]}${layer.kind === 'product' ? null : html`: ${bdi(layer.name ?? layer.sourceId)}`}</strong
        >
        ${' – '}${verdict(layer)}
      </p>
      ${layer.readAt === null ? null : html`<p class="hint">Read ${time(new Date(layer.readAt), now)}</p>`}
    </div>
  </li>`;
}

function verdict(layer: AccessView['layers'][number]): Html {
  if (layer.state === 'unknown')
    return `could not be read, so it admits nobody${layer.reason === null ? '' : `: ${layer.reason}`}`;
  if (layer.by === null) return 'does not admit this person';
  const [kind = '', id = ''] = layer.by.principal.split(/:(.*)/s);
  const name = layer.by.name ?? id;
  if (kind === 'user') return 'admits this person by name';
  return kind === 'group' ? html`admits the group ${bdi(name)}` : html`admits ${bdi(name)}`;
}
