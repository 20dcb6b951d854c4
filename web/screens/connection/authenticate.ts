import type { OAuthAppView } from '../../../server/views.ts';
import { copyField } from '../../components/copy.ts';
import { draftNote } from '../../components/draft.ts';
import { csrfField, errorSummary, field, radios, select, type FieldErrors } from '../../components/form.ts';
import { scopeList, type ScopeView } from '../../components/scopes.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { drawer, type Steps } from './drawer.ts';

/** What the Authenticate form holds, as typed; secrets are never sent back. */
export interface AuthenticateValues {
  name: string;
  siteUrl: string;
  method: 'oauth' | 'api_token';
  app: 'listed' | 'typed';
  oauthAppId: string;
  clientId: string;
  email: string;
  tokenKind: 'classic' | 'scoped';
  /** A day, or empty. */
  expiresAt: string;
}

export interface AuthenticateView {
  csrfToken: string;
  /** Null while the connection is not stored. */
  connection: { id: string; name: string } | null;
  steps: Steps;
  values: AuthenticateValues;
  errors: FieldErrors;
  oauthApps: OAuthAppView[];
  redirectUrl: string;
  scopes: readonly ScopeView[];
  /** A draft of another visit is shown rather than what is stored. */
  isDraft: boolean;
}

export function authenticateScreen(view: AuthenticateView): Page {
  const { connection, values, errors, csrfToken } = view;
  const base = connection === null ? null : `/connections/${connection.id}`;
  const action = base === null ? '/connections/new' : `${base}/authenticate`;
  return {
    title: connection === null ? 'New connection' : `Authenticate Instance – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: drawer({
      heading: connection === null ? 'New connection' : bdi(connection.name),
      steps: view.steps,
      current: 'authenticate',
      base,
      body: html`${errorSummary(errors)}
        ${view.isDraft ? draftNote({ action, csrfToken, secrets: true }) : null}
        <form class="stack" method="post" action=${action} data-draft=${`${action}/draft`} novalidate>
          ${csrfField(csrfToken)}
          ${field({
            name: 'name',
            label: 'Name',
            value: values.name,
            errors,
            hint: 'How this connection is called here, for example “Acme wiki”.',
          })}
          <div class="field">
            <span class="label-like" id="product-label"><strong>Product</strong></span>
            <p aria-labelledby="product-label">Confluence Cloud</p>
          </div>
          ${field({
            name: 'siteUrl',
            label: 'Atlassian site URL',
            value: values.siteUrl,
            errors,
            inputmode: 'url',
            hint: html`Like <code>https://acme.atlassian.net</code>: no path, no slash at the end.`,
          })}
          ${radios({
            name: 'method',
            legend: 'How Sluice signs in',
            value: values.method,
            errors,
            choices: [
              {
                value: 'oauth',
                label: 'OAuth 2.0 consent',
                hint: 'Recommended. You consent in Atlassian; no password or token is pasted.',
              },
              {
                value: 'api_token',
                label: 'API token',
                hint: 'Of an account that may see everything that is to be found. No hourly points quota.',
              },
            ],
          })}
          ${oauthPane(view)} ${tokenPane(view)} ${scopeList(view.scopes)}
          <div class="actions">
            <button class="primary" type="submit">${connection === null ? 'Save and go on' : 'Save'}</button>
            <a href="/connections">Close</a>
          </div>
        </form>`,
    }),
  };
}

function oauthPane(view: AuthenticateView): Html {
  const { values, errors, oauthApps, connection } = view;
  const offers = oauthApps.length > 0;
  return html`<div class="pane for-oauth">
    ${
      offers
        ? html`${radios({
              name: 'app',
              legend: 'OAuth app',
              value: values.app,
              errors,
              choices: [
                { value: 'listed', label: 'A registered app' },
                { value: 'typed', label: 'Another app, by its client id and secret' },
              ],
            })}
            <div class="pane for-listed-app">
              ${select({
                name: 'oauthAppId',
                label: 'Registered app',
                value: values.oauthAppId,
                errors,
                choices: oauthApps.map((app) => ({ value: app.id, label: `${app.name} (${app.clientId})` })),
              })}
            </div>`
        : html`<input type="hidden" name="app" value="typed" />`
    }
    <div class=${offers ? 'pane for-typed-app' : 'pane'}>
      ${field({ name: 'clientId', label: 'Client ID', value: values.clientId, errors })}
      ${field({
        name: 'clientSecret',
        label: 'Client secret',
        type: 'password',
        errors,
        autocomplete: 'new-password',
        hint: secretHint(connection !== null),
      })}
    </div>
    ${copyField({
      id: 'redirectUrl',
      label: 'Redirect URL',
      value: view.redirectUrl,
      hint: 'Enter this as the callback URL of the app, in the Atlassian developer console under Authorization.',
    })}
  </div>`;
}

function tokenPane({ values, errors, connection }: AuthenticateView): Html {
  return html`<div class="pane for-api-token">
    ${field({
      name: 'email',
      label: 'Email of the account',
      type: 'text',
      inputmode: 'email',
      value: values.email,
      errors,
    })}
    ${field({
      name: 'token',
      label: 'API token',
      type: 'password',
      errors,
      autocomplete: 'new-password',
      hint: secretHint(connection !== null),
    })}
    ${field({
      name: 'expiresAt',
      label: 'The token ends on (optional)',
      type: 'date',
      value: values.expiresAt,
      errors,
      hint: `As Atlassian shows it where the token was made. Nobody else can tell; you are warned two weeks before.${connection === null ? '' : ' With a new token, enter its own day.'}`,
    })}
    ${radios({
      name: 'tokenKind',
      legend: 'Kind of token',
      value: values.tokenKind,
      errors,
      choices: [
        {
          value: 'classic',
          label: 'Classic',
          hint: 'Made with “Create API token”: may do all that its account may.',
        },
        {
          value: 'scoped',
          label: 'Scoped',
          hint: 'Made with “Create API token with scopes”: give it the scopes below.',
        },
      ],
    })}
  </div>`;
}

function secretHint(stored: boolean): string {
  return stored
    ? 'Stored encrypted and never shown again. Leave it empty to keep the stored one.'
    : 'Stored encrypted and never shown again.';
}
