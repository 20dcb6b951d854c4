import type { BrakeView } from '../../../server/services/removals.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { bdi, html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, plural } from '../../time.ts';
import { runsFrame } from './runs-frame.ts';

/** Asks once more before much is removed: with what, and for the name of what it is about. */
export function removeScreen(view: {
  csrfToken: string;
  connection: ConnectionView;
  brake: BrakeView;
  errors: FieldErrors;
}): Page {
  const { connection, brake, errors } = view;
  const base = `/connections/${connection.id}/runs/removed`;
  return {
    title: `Remove what is missing – ${connection.name}`,
    nav: 'connections',
    content: html`${runsFrame(connection, 'removed')}
      <section class="card" aria-labelledby="remove">
        <h2 id="remove">Remove what is missing of ${bdi(brake.name)}?</h2>
        ${errorSummary(errors)}
        <p>
          This removes ${plural(brake.found, 'record')} of ${count(brake.total)} from Sluice, with their texts
          and who may see them. In Confluence nothing changes. What shows up again before it is removed stays,
          and what shows up later is read anew.
        </p>
        <form class="stack" method="post" action=${`${base}/${brake.id}/remove`}>
          ${csrfField(view.csrfToken)}
          ${field({
            name: 'confirmation',
            label: brake.scope === 'space' ? 'Type the name of the space' : 'Type the name of the connection',
            errors,
            hint: html`The name is <strong>${bdi(brake.name)}</strong>.`,
          })}
          <div class="actions">
            <button class="danger" type="submit">Remove ${plural(brake.found, 'record')}</button>
            <a href=${base}>Do not remove it</a>
          </div>
        </form>
      </section>`,
  };
}
