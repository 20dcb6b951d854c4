import type { ConnectionView } from '../../../server/views.ts';
import { csrfField } from '../../components/form.ts';
import { html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import { isUnfinished } from '../../presenters/connection.ts';
import { runs } from '../../presenters/run.ts';

/** What may be done with a connection in its state, the likeliest first. */
export function connectionActions(connection: ConnectionView, csrfToken: string): Html {
  const { id, status, currentRun } = connection;
  if (isUnfinished(connection) || status === 'disconnecting') return null;
  const post = (action: string, label: string, style = '') =>
    html`<form method="post" action=${`/connections/${id}/${action}`}>
      ${csrfField(csrfToken)}
      <button class=${style} type="submit">${label}</button>
    </form>`;
  if (status === 'disabled') return html`<div class="actions">${post('enable', 'Enable', 'primary')}</div>`;
  const running = currentRun !== null && runs(currentRun);
  const syncs = status === 'active' || status === 'attention';
  return html`<div class="actions">
    ${status === 'paused' ? post('resume', 'Resume', 'primary') : null}
    ${syncs && !running ? syncNow(connection, csrfToken) : null}
    ${syncs ? html`<a class="button" href=${`/connections/${id}/sync`}>Other syncs, and what they cost</a>` : null}
    ${syncs ? post('pause', 'Pause') : null} ${running ? post('cancel', 'Stop this sync') : null}
    ${post('disable', 'Disable')}
  </div>`;
}

/** Whatever brings everything up to date: a full sync until one has succeeded, then one of changes. */
function syncNow({ id }: ConnectionView, csrfToken: string): Html {
  return html`<form class="row" method="post" action=${`/connections/${id}/sync`}>
    ${csrfField(csrfToken)}
    <button class="primary" type="submit">${icon('sync')}Sync now</button>
  </form>`;
}
