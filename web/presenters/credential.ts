/** What to do about a notice: a link, or the consent that one click starts. */
export interface NoticeAction {
  label: string;
  href: string;
  /** `post`: a form is posted to `href`, as the Authorize tab does. */
  method: 'get' | 'post';
}

/** Causes that a new consent does not mend, and where they are mended. */
const mendedAt: Record<string, { label: string; path: string }> = {
  wrong_client: { label: 'Enter the secret', path: 'authenticate' },
  app_deleted: { label: 'Choose another app', path: 'authenticate' },
  unknown_encryption_key: { label: 'Enter the credential', path: 'authenticate' },
  unreadable_secret: { label: 'Enter the credential', path: 'authenticate' },
};

/** Where something about a connection's credential is mended. */
export function credentialAction(connection: {
  id: string;
  byToken: boolean;
  cause: string | null;
}): NoticeAction {
  const base = `/connections/${connection.id}`;
  const other = mendedAt[connection.cause ?? ''];
  if (other !== undefined) return { label: other.label, href: `${base}/${other.path}`, method: 'get' };
  return connection.byToken
    ? { label: 'Enter a new token', href: `${base}/authenticate`, method: 'get' }
    : { label: 'Reauthenticate', href: `${base}/authorize`, method: 'post' };
}
