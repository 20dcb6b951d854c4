import type { ConnectionView } from '../../../server/views.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { bdi, html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { plural } from '../../time.ts';

export function disconnectScreen(view: {
  csrfToken: string;
  connection: ConnectionView;
  records: number;
  runs: number;
  errors: FieldErrors;
}): Page {
  const { connection, errors } = view;
  const base = `/connections/${connection.id}`;
  return {
    title: `Disconnect ${connection.name}`,
    nav: 'connections',
    content: html`<div class="page-head">
        <p class="crumbs"><a href=${base}>${bdi(connection.name)}</a></p>
        <h1>Disconnect ${bdi(connection.name)}?</h1>
      </div>
      <div class="card">
        ${errorSummary(errors)}
        <p>This deletes from Sluice, for good:</p>
        <ul>
          <li>${plural(view.records, 'record')}, which nobody finds any more</li>
          <li>who may see them: people, groups and permissions of the site</li>
          <li>${plural(view.runs, 'run')} with their logs</li>
          <li>the stored credential</li>
        </ul>
        <p>
          In Atlassian nothing changes. To stop syncing and keep what is here, disable the connection instead.
        </p>
        <form class="stack" method="post" action=${`${base}/disconnect`}>
          ${csrfField(view.csrfToken)}
          ${field({
            name: 'confirmation',
            label: 'Type the name of the connection',
            errors,
            hint: html`The name is <strong>${bdi(connection.name)}</strong>.`,
          })}
          <div class="actions">
            <button class="danger" type="submit">Disconnect and delete</button>
            <a href=${base}>Keep it</a>
          </div>
        </form>
      </div>`,
  };
}
