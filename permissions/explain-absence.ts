/** What is known of something that is not stored. */
export interface AbsenceFacts {
  /** An address was asked about, and nothing in it names a piece of content. */
  unreadable: boolean;
  host: string | null;
  spaceKey: string | null;
  /** Connections that could hold it. */
  connections: readonly {
    name: string;
    status: string;
    accountName: string | null;
    personalSpaces: boolean;
    archivedSpaces: boolean;
    /** What of the settings leaves out the space that was named, in words; null: nothing that is known. */
    spaceLeftOutBy: string | null;
    /** ISO 8601 in UTC; null: no complete run has ended well yet. */
    lastFullAt: string | null;
    running: boolean;
    /** Whether the space that was named is stored; null: none was named. */
    spaceKnown: boolean | null;
    /** Its restrictions were listed, so it is there, and its content was not read. */
    listed: boolean;
  }[];
  failures: readonly {
    title: string;
    message: string;
    attempts: number;
    lastAt: string;
    nextRetryAt: string | null;
  }[];
}

export interface AbsenceReason {
  code: string;
  message: string;
}

/** Why something is not stored at all, as far as it can be known: for administrators. */
export function absenceOf(facts: AbsenceFacts): AbsenceReason[] {
  const found: AbsenceReason[] = facts.failures.map((failure) => ({
    code: 'failed',
    message:
      `Reading it failed${failure.attempts > 1 ? ` ${failure.attempts} times` : ''}, last at ${failure.lastAt}: ${failure.message} – ` +
      `${failure.nextRetryAt === null ? 'the next run tries it again' : `tried again at ${failure.nextRetryAt}`}.`,
  }));
  if (facts.unreadable)
    found.push({
      code: 'not_content',
      message: 'This address names no page, blog post, comment, attachment, folder, whiteboard or database.',
    });
  if (facts.connections.length === 0) {
    found.push({
      code: 'no_connection',
      message: facts.host === null ? 'Nothing is connected.' : `No connection reads the site ${facts.host}.`,
    });
  }
  for (const connection of facts.connections) found.push(...inConnection(connection, facts));
  return found;
}

function inConnection(connection: AbsenceFacts['connections'][number], facts: AbsenceFacts): AbsenceReason[] {
  const { name, status } = connection;
  const reason = (code: string, message: string) => ({ code, message: `${name}: ${message}` });
  if (status === 'draft') return [reason('connection_draft', 'the connection is not set up.')];
  if (status === 'disconnecting') return [reason('connection_disconnecting', 'it is being disconnected.')];
  const found: AbsenceReason[] = [];
  if (status === 'disabled')
    found.push(reason('connection_disabled', 'it is disabled, so nothing new is read.'));
  if (status === 'needs_reauth')
    found.push(reason('connection_needs_reauth', 'it has to be authorized again, so nothing new is read.'));
  if (connection.listed)
    return [...found, reason('not_read', 'it was listed, and its content has not been read yet.')];
  if (connection.spaceKnown === false)
    return [...found, reason('space_not_stored', spaceWords(connection, facts.spaceKey))];
  if (connection.running) found.push(reason('running', 'a run is under way and may bring it.'));
  if (connection.lastFullAt === null)
    return [...found, reason('never_complete', 'no complete run has ended well yet.')];
  if (facts.failures.length > 0) return found;
  const account = connection.accountName === null ? 'its account' : `its account (${connection.accountName})`;
  return [
    ...found,
    reason(
      'not_listed',
      `the last complete run (${connection.lastFullAt}) did not bring it: it is newer, deleted, archived or a draft, ` +
        `of a kind that is not indexed, in a space that is not in scope, or ${account} may not open it.`,
    ),
  ];
}

function spaceWords(connection: AbsenceFacts['connections'][number], key: string | null): string {
  if (key?.startsWith('~') === true && !connection.personalSpaces)
    return `the space ${key} is personal, and the settings leave personal spaces out.`;
  if (connection.spaceLeftOutBy !== null)
    return `the space ${key ?? ''} is left out by ${connection.spaceLeftOutBy}.`;
  const archived = connection.archivedSpaces ? '' : 'archived (the settings leave archived spaces out), ';
  return `no space ${key ?? ''} is stored: it is ${archived}of a kind that is not read, not open to the account of the connection, or not there.`;
}
