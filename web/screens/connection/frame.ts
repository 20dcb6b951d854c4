import type { ConnectionView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { tabRow } from '../../components/tabs.ts';
import { bdi, html, type Html } from '../../html.ts';
import { connectionState } from '../../presenters/connection.ts';
import { host } from '../connections.ts';

export type ConnectionTab = 'overview' | 'records' | 'runs' | 'permissions' | 'set-up';

/** What every page of a finished connection starts with: its name, its state, and its parts. */
export function connectionFrame(connection: ConnectionView, current: ConnectionTab): Html {
  const base = `/connections/${connection.id}`;
  const tabs: [ConnectionTab, string, string][] = [
    ['overview', base, 'Overview'],
    ['records', `${base}/records`, 'All records'],
    ['runs', `${base}/runs`, 'Runs'],
    ['permissions', `${base}/permissions`, 'Permissions'],
    ['set-up', `${base}/authenticate`, 'Set-up'],
  ];
  return html`<div class="page-head">
      <p class="crumbs"><a href="/connections">Connections</a></p>
      <div class="row spread">
        <h1>${bdi(connection.name)}</h1>
        <span id="connection-state">${badge(connectionState(connection))}</span>
      </div>
      <p class="muted">
        ${connection.product === 'jira' ? 'Jira' : 'Confluence'} · ${host(connection.siteUrl)}
      </p>
    </div>
    ${tabRow('Connection', tabs, current)}`;
}
