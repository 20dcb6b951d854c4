import type { World } from '../../sandbox/world/types.ts';

/**
 * All that decides who may see what: the company as it is at the source, and the few things that are decided where
 * it is shown. What is left out is not so: no role opens anything, nobody visits, nothing is held, nobody has proven
 * anything.
 */
export interface Truth extends World {
  /** The site's space roles and what each permits; one that is not among them opens nothing. */
  roles?: readonly { id: string; spacePermissions: readonly string[] }[];
  /** Whether the connection's administrator shows everybody what the site shows without signing in. */
  visitorsWelcome?: boolean;
  /** Ids of content that is hidden, with all below it, until a disagreement about it is resolved. */
  held?: readonly string[];
  /** Accounts that are proven to be the person's whose email they have, whatever the email says. */
  proven?: readonly string[];
  /** Emails as they were when they were first read, by account; one that has changed since proves nobody. */
  firstEmails?: Readonly<Record<string, string>>;
}
