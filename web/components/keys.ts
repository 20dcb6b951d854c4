import type { ApiKeyView } from '../../server/views.ts';
import { bdi, html, type Html } from '../html.ts';
import { badge } from './badge.ts';
import { copyField } from './copy.ts';
import { csrfField, select } from './form.ts';
import { notice } from './notice.ts';
import { time } from './time.ts';

/** A key that was just made: the only time that it is shown. */
export function newKey(key: { name: string; key: string } | null): Html {
  if (key === null) return null;
  return notice(
    'good',
    `The key “${key.name}” is made`,
    copyField({
      id: 'new-key',
      label: 'API key',
      value: key.key,
      hint: 'Copy it now: it is not shown again.',
    }),
  );
}

export function keyList(options: {
  keys: ApiKeyView[];
  csrfToken: string;
  /** Where to come back to. */
  path: '/settings/api-keys' | '/profile';
  showOwner: boolean;
  now: Date;
}): Html {
  const { keys, csrfToken, path, showOwner, now } = options;
  if (keys.length === 0) return html`<p class="muted">No keys yet.</p>`;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="API keys">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Key</th>
          ${showOwner ? html`<th scope="col">Owner</th>` : null}
          <th scope="col">May</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">Ends</th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        ${keys.map(
          (key) =>
            html`<tr>
              <td><strong>${bdi(key.name)}</strong><br /><code>${key.prefix}…</code></td>
              ${showOwner ? html`<td data-label="Owner">${key.owner.email}</td>` : null}
              <td data-label="May">${key.scopes.join(', ')}</td>
              <td data-label="Made">${time(new Date(key.createdAt), now)}</td>
              <td data-label="Last used">
                ${time(key.lastUsedAt === null ? null : new Date(key.lastUsedAt), now)}
              </td>
              <td data-label="Ends">
                ${key.expiresAt === null ? 'When revoked' : time(new Date(key.expiresAt), now)}
              </td>
              <td>
                ${
                  key.revokedAt !== null
                    ? badge({ word: 'Revoked', tone: 'quiet', icon: 'cross' })
                    : key.expiresAt !== null && new Date(key.expiresAt) <= now
                      ? badge({ word: 'Expired', tone: 'quiet', icon: 'clock' })
                      : html`<form
                          method="post"
                          action=${`${path}/${path === '/profile' ? 'api-keys/' : ''}${key.id}/revoke`}
                        >
                          ${csrfField(csrfToken)}
                          <button class="quiet" type="submit" aria-label=${`Revoke ${key.name}`}>
                            Revoke
                          </button>
                        </form>`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** How long a new key lives, by the name of the choice in days. */
export const keyLives = [
  { value: '90', label: '90 days' },
  { value: '30', label: '30 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Until it is revoked' },
] as const;

export function keyLife(value: string): Html {
  return select({ name: 'life', label: 'It ends after', value, choices: [...keyLives] });
}
