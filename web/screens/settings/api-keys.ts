import type { ApiKeyView } from '../../../server/views.ts';
import { checkbox, csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { keyLife, keyList, newKey } from '../../components/keys.ts';
import { html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { settingsFrame } from './frame.ts';

export interface ApiKeysScreenView {
  csrfToken: string;
  keys: ApiKeyView[];
  /** A key that was made a moment ago. */
  made: { name: string; key: string } | null;
  values: { name: string; scopes: readonly string[]; life: string };
  errors: FieldErrors;
  now: Date;
}

export function apiKeysScreen(view: ApiKeysScreenView): Page {
  const { values, errors, csrfToken } = view;
  return {
    title: 'API keys',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('api-keys')}
      <p class="muted">
        A key acts as the person who made it. Send it as <code>Authorization: Bearer …</code>.
      </p>
      ${newKey(view.made)}
      ${keyList({ keys: view.keys, csrfToken, path: '/settings/api-keys', showOwner: true, now: view.now })}
      <section class="card" aria-labelledby="add">
        <h2 id="add">Make a key</h2>
        ${errorSummary(errors)}
        <form class="stack" method="post" action="/settings/api-keys">
          ${csrfField(csrfToken)}
          ${field({ name: 'name', label: 'Name', value: values.name, errors, hint: 'What uses it.' })}
          <fieldset class="field" id="scopes" tabindex="-1">
            <legend>What it may do</legend>
            ${errors['scopes'] === undefined ? null : html`<p class="field-error">${errors['scopes']}</p>`}
            ${checkbox({
              name: 'scopes',
              value: 'search',
              label: 'Search and read what you may see',
              checked: values.scopes.includes('search'),
            })}
            ${checkbox({
              name: 'scopes',
              value: 'administer',
              label: 'Administer connections, users and keys',
              checked: values.scopes.includes('administer'),
            })}
            ${checkbox({
              name: 'scopes',
              value: 'impersonate',
              label: 'Search as anybody',
              hint: 'For a back end that names the person in X-Sluice-User. Whoever holds this key sees what everybody sees.',
              checked: values.scopes.includes('impersonate'),
            })}
          </fieldset>
          ${keyLife(values.life)}
          <div class="actions"><button class="primary" type="submit">Make the key</button></div>
        </form>
      </section>`,
  };
}
