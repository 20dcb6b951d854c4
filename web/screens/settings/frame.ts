import { tabRow } from '../../components/tabs.ts';
import { html, type Html } from '../../html.ts';

export type SettingsTab = 'oauth-apps' | 'users' | 'api-keys' | 'notifications' | 'audit' | 'diagnosis';

const tabs: [SettingsTab, string][] = [
  ['oauth-apps', 'OAuth apps'],
  ['users', 'Users'],
  ['api-keys', 'API keys'],
  ['notifications', 'Notifications'],
  ['audit', 'Audit log'],
  ['diagnosis', 'Diagnosis'],
];

export function settingsFrame(current: SettingsTab): Html {
  return html`<h1>Settings</h1>
    ${tabRow(
      'Settings',
      tabs.map(([name, label]) => [name, `/settings/${name}`, label] as const),
      current,
    )}`;
}
