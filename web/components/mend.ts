import type { ConnectionView } from '../../server/views.ts';
import type { Html } from '../html.ts';
import { credentialAction } from '../presenters/credential.ts';
import { noticeAction } from './banner.ts';

/** The one click that mends a connection's dead credential, or the link to where it is mended; null while it lives. */
export function mendCredential(connection: ConnectionView, csrfToken: string): Html {
  if (connection.status !== 'needs_reauth') return null;
  const byToken = connection.auth.method !== 'oauth';
  const action = credentialAction({ id: connection.id, byToken, cause: connection.statusCause });
  return noticeAction(action, csrfToken, connection.id);
}
