import { html, type Html } from '../../html.ts';

export type SettingsTab = 'oauth-apps' | 'users' | 'api-keys' | 'notifications' | 'audit';

const tabs: [SettingsTab, string][] = [
  ['oauth-apps', 'OAuth apps'],
  ['users', 'Users'],
  ['api-keys', 'API keys'],
  ['notifications', 'Notifications'],
  ['audit', 'Audit log'],
];

export function settingsFrame(current: SettingsTab): Html {
  return html`<h1>Settings</h1>
    <nav aria-label="Settings">
      <ul class="tabs">
        ${tabs.map(
          ([name, label]) =>
            html`<li>
              <a href=${`/settings/${name}`} aria-current=${name === current ? 'page' : undefined}
                >${label}</a
              >
            </li>`,
        )}
      </ul>
    </nav>`;
}
