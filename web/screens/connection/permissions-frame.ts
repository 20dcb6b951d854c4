import type { ConnectionView } from '../../../server/views.ts';
import { tabRow } from '../../components/tabs.ts';
import { html, type Html } from '../../html.ts';
import { connectionFrame } from './frame.ts';

export type PermissionsPart = 'reading' | 'hidden' | 'compared' | 'audit';

/** What every page on a connection's permissions starts with. */
export function permissionsFrame(connection: ConnectionView, current: PermissionsPart): Html {
  const base = `/connections/${connection.id}/permissions`;
  const parts: [PermissionsPart, string, string][] = [
    ['reading', base, 'How they are read'],
    ['hidden', `${base}/hidden`, 'Hidden from everybody'],
    ['compared', `${base}/compared`, 'Compared with Confluence'],
    ['audit', `${base}/audit`, 'Audit log of Confluence'],
  ];
  return html`${connectionFrame(connection, 'permissions')} ${tabRow('Permissions', parts, current)}`;
}
