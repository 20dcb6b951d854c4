import type { BrakeView } from '../../../server/services/removals.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import { recordKind } from '../../presenters/record.ts';
import { removalCause } from '../../presenters/removal.ts';
import { count, plural } from '../../time.ts';

/** A removal that waits for an administrator's word, or that was decided against: numbers, reasons, some of it, buttons. */
export function brakeSection(
  { connection, csrfToken, now }: { connection: ConnectionView; csrfToken: string; now: Date },
  brake: BrakeView,
): Html {
  const base = `/connections/${connection.id}/runs/removed/${brake.id}`;
  const heading = `brake-${brake.id}`;
  const share = brake.total === 0 ? 100 : Math.floor((100 * brake.found) / brake.total);
  return html`<section class="card" aria-labelledby=${heading}>
    <h2 id=${heading}>${title(brake)}</h2>
    <p>
      Since ${time(new Date(brake.askedAt), now)}, ${plural(brake.found, 'record')} of ${count(brake.total)}
      (${share} %) ${brake.scope === 'space' ? 'in this space' : 'of this connection'} are not in Confluence
      any more. They are hidden from everybody${words(brake)}
    </p>
    <ul>
      ${brake.causes.map((one) => html`<li>${plural(one.records, 'record')}: ${bdi(one.reason)}</li>`)}
    </ul>
    <details>
      <summary>Some of them</summary>
      <ul>
        ${brake.sample.map((one) => html`<li>${item(one)}</li>`)}
      </ul>
    </details>
    ${
      brake.state === 'confirmed'
        ? null
        : html`<div class="actions">
            <a class="button danger" href=${`${base}/remove`}>Remove…</a>
            ${
              brake.state === 'asked'
                ? html`<form method="post" action=${`${base}/keep`}>
                    ${csrfField(csrfToken)}
                    <button type="submit" aria-label=${`Keep hidden: ${brake.name}`}>Keep hidden</button>
                  </form>`
                : null
            }
          </div>`
    }
  </section>`;
}

function title(brake: BrakeView): Html {
  if (brake.state === 'asked') return html`Much of ${bdi(brake.name)} is missing. Shall it be removed?`;
  return brake.state === 'kept'
    ? html`Missing of ${bdi(brake.name)}, and kept hidden`
    : html`Missing of ${bdi(brake.name)}, and about to be removed`;
}

function words(brake: BrakeView): string {
  if (brake.state === 'asked')
    return '. Check first whether the connected account lost its access: then give it back, and everything is shown again by itself.';
  return brake.state === 'kept'
    ? ', as was decided. What shows up again is shown by itself.'
    : ', and the next sync removes what has not shown up by then.';
}

function item(one: BrakeView['sample'][number]): Html {
  const url = safeUrl(one.url);
  const name = one.title === '' ? `${recordKind(one.type).word} ${one.externalId}` : one.title;
  return html`${url === null ? bdi(name) : html`<a href=${url} rel="noreferrer">${bdi(name)}</a>`}
    <span class="muted"> ${recordKind(one.type).word}, ${removalCause(one.cause).toLowerCase()}</span>`;
}
