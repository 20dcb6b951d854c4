import type { ConnectionView } from '../../../server/views.ts';
import { tabRow } from '../../components/tabs.ts';
import { html, type Html } from '../../html.ts';
import { connectionFrame } from './frame.ts';

export type RunsPart = 'history' | 'failures' | 'removed';

/** What every page on a connection's runs, and on what became of single items, starts with. */
export function runsFrame(connection: ConnectionView, current: RunsPart): Html {
  const base = `/connections/${connection.id}/runs`;
  const parts: [RunsPart, string, string][] = [
    ['history', base, 'History'],
    ['failures', `${base}/failures`, 'Failed items'],
    ['removed', `${base}/removed`, 'Removed'],
  ];
  return html`${connectionFrame(connection, 'runs')} ${tabRow('Runs', parts, current)}`;
}
