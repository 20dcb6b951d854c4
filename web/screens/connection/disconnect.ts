import type { DisconnectPreview } from '../../../server/services/disconnect.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { recordKind } from '../../presenters/record.ts';
import { count, plural } from '../../time.ts';

export interface DisconnectView {
  csrfToken: string;
  connection: ConnectionView;
  preview: DisconnectPreview;
  errors: FieldErrors;
}

/** Asks before everything of a connection is deleted: with what, and for its name. */
export function disconnectScreen(view: DisconnectView): Page {
  const { connection, errors, preview } = view;
  const base = `/connections/${connection.id}`;
  return {
    title: `Disconnect ${connection.name}`,
    nav: 'connections',
    content: html`${head(connection, 'Disconnect', '?')}
      <div class="card">
        ${errorSummary(errors)}
        <p>This deletes from Sluice, for good:</p>
        <ul>
          <li>${records(preview)}</li>
          <li>
            who may see them: ${plural(preview.spaces, 'space')},
            ${plural(preview.people, 'person', 'people')}, ${plural(preview.groups, 'group')} and
            ${plural(preview.layers, 'layer')} of permissions
          </li>
          <li>${plural(preview.runs, 'run')} with their logs, and both schedules</li>
          <li>${credential(connection, preview)}</li>
        </ul>
        <p>
          Everything is hidden at once. In Atlassian nothing changes. To stop syncing and keep what is here,
          disable the connection instead.
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

/** A deletion under way, and how far it is. */
export function disconnectingScreen({ connection }: { connection: ConnectionView }): Page {
  const { total, done } = connection.deletion ?? { total: 0, done: 0 };
  const share = total === 0 ? 0 : Math.min(100, Math.floor((100 * done) / total));
  return {
    title: `Disconnecting ${connection.name}`,
    nav: 'connections',
    refreshSeconds: 5,
    content: html`${head(connection, 'Disconnecting', '')}
      <div class="card" role="status">
        <p>
          <label for="deleted">${count(done)} of ${plural(total, 'row')} are deleted.</label>
        </p>
        <progress id="deleted" max="100" value=${share}>${share} %</progress>
        <p>
          Nobody finds anything of it any more. It goes on by itself, also when you leave this page, and after
          a restart.
        </p>
        <p class="actions"><a class="button" href="/connections">To the connections</a></p>
      </div>`,
  };
}

/** On a connection's own page, while it is deleted. */
export function disconnectingNote({ id, status }: Pick<ConnectionView, 'id' | 'status'>): Html {
  if (status !== 'disconnecting') return null;
  return notice(
    'busy',
    'It is being deleted',
    'Nobody finds anything of it any more.',
    html`<a class="button" href=${`/connections/${id}/disconnect`}>How far</a>`,
  );
}

function head(connection: ConnectionView, verb: string, end: string): Html {
  return html`<div class="page-head">
    <p class="crumbs"><a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a></p>
    <h1>${verb} ${bdi(connection.name)}${end}</h1>
  </div>`;
}

function records({ records: kinds }: DisconnectPreview): Html {
  if (kinds.length === 0) return 'no records so far';
  const parts = kinds.map(({ kind, records: n }) => {
    const { word, many } = recordKind(kind);
    return plural(n, word.toLowerCase(), many.toLowerCase());
  });
  const all = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return `${all}, which nobody finds any more`;
}

function credential({ auth }: ConnectionView, { consent }: DisconnectPreview): Html {
  if (auth.method !== 'oauth') return 'the stored API token';
  const { connections, people } = consent;
  if (connections.length === 0 && people === 0)
    return 'the stored consent, which is revoked at Atlassian as far as Atlassian takes that';
  const users = [
    ...connections.map((name) => bdi(name)),
    ...(people === 0 ? [] : [plural(people, 'own consent of a person', 'own consents of people')]),
  ];
  return html`not the consent: it is used elsewhere, by
  ${users.map((user, index) => html`${index === 0 ? '' : ', '}${user}`)}`;
}
