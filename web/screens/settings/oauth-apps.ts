import type { OAuthAppView } from '../../../server/views.ts';
import { copyField } from '../../components/copy.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { scopeList, type ScopeView } from '../../components/scopes.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { plural } from '../../time.ts';
import { settingsFrame } from './frame.ts';

export interface OAuthAppsView {
  csrfToken: string;
  apps: OAuthAppView[];
  values: { name: string; clientId: string };
  errors: FieldErrors;
  redirectUrl: string;
  scopes: readonly ScopeView[];
  now: Date;
}

export function oauthAppsScreen(view: OAuthAppsView): Page {
  const { apps, values, errors, csrfToken } = view;
  return {
    title: 'OAuth apps',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('oauth-apps')}
      <p class="muted">
        Register an app once: each new connection offers it, people sign in with it, and give their own
        consent through it.
      </p>
      ${
        apps.length === 0
          ? html`<p>No app is registered yet.</p>`
          : html`<ul class="connection-list">
              ${apps.map((app) => appItem(app, view))}
            </ul>`
      }
      <section class="card" aria-labelledby="add">
        <h2 id="add">Add an OAuth app</h2>
        ${errorSummary(errors)}
        <ol class="stack">
          <li>
            Open ${' '}<a href="https://developer.atlassian.com/console/myapps/" rel="noreferrer"
              >the Atlassian developer console</a
            >, press Create, and choose an OAuth 2.0 integration.
          </li>
          <li>
            Under Authorization, add OAuth 2.0 (3LO) with this callback URL:
            ${copyField({ id: 'redirectUrl', label: 'Redirect URL', value: view.redirectUrl })}
          </li>
          <li>
            Under Permissions, add the User identity API and the Confluence API with these scopes:
            ${scopeList(view.scopes)}
          </li>
          <li>Under Distribution, turn sharing on, so that others than you can consent.</li>
          <li>Under Settings, copy the client ID and the secret to here:</li>
        </ol>
        <form class="stack" method="post" action="/settings/oauth-apps">
          ${csrfField(csrfToken)}
          ${field({ name: 'name', label: 'Name', value: values.name, errors, hint: 'How it is called in lists here.' })}
          ${field({ name: 'clientId', label: 'Client ID', value: values.clientId, errors })}
          ${field({
            name: 'clientSecret',
            label: 'Client secret',
            type: 'password',
            errors,
            autocomplete: 'new-password',
            hint: 'Stored encrypted and never shown again. If the form comes back, enter it again.',
          })}
          <div class="actions"><button class="primary" type="submit">Add the app</button></div>
        </form>
      </section>`,
  };
}

function appItem(app: OAuthAppView, { csrfToken, now }: OAuthAppsView): Html {
  return html`<li class="card">
    <div class="row spread">
      <div>
        <h2>${bdi(app.name)}</h2>
        <p class="muted">
          <code>${app.clientId}</code> · ${plural(app.connections, 'connection')} · added
          ${' '}${time(new Date(app.createdAt), now)}
        </p>
      </div>
      ${
        app.connections > 0
          ? html`<p class="hint">In use: disconnect its connections before removing it.</p>`
          : html`<form method="post" action=${`/settings/oauth-apps/${app.id}/remove`}>
              ${csrfField(csrfToken)}
              <button class="danger" type="submit" aria-label=${`Remove ${app.name}`}>Remove</button>
            </form>`
      }
    </div>
    <details>
      <summary>Enter a new client secret</summary>
      <form class="stack" method="post" action=${`/settings/oauth-apps/${app.id}/secret`}>
        ${csrfField(csrfToken)}
        ${field({
          // The page holds one such field for each app, and ids are unique.
          name: `clientSecret-${app.id}`,
          label: `Client secret of ${app.name}`,
          type: 'password',
          errors: {},
          autocomplete: 'new-password',
          hint: 'After Atlassian has made a new one for the app. Consents stay as they are; nobody needs to consent again.',
        })}
        <div class="actions"><button type="submit">Replace the secret</button></div>
      </form>
    </details>
  </li>`;
}
