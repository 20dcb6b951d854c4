import type { Command } from 'commander';
import type { Api } from '../api.ts';
import { findConnection, type Connection, type Run } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain } from '../terminal.ts';

interface Notice {
  severity: string;
  code: string;
  message: string;
  connection: { id: string } | null;
}

interface Status {
  connections: Connection[];
  notices: Notice[];
}

/** States in which somebody must do something. */
const troubled = new Set<Connection['status']>(['needs_reauth', 'attention']);

/** `sluice status [connection]`: what syncs, how fresh it is, what needs somebody. */
export function statusCommand(program: Command, context: Context): void {
  program
    .command('status [connection]')
    .description('What syncs, how fresh it is, and what needs somebody')
    .option('--check', 'end with 1 where something needs somebody')
    .action(async (named: string | undefined, { check }: { check?: true }, command: Command) => {
      const status = await read(await context.api(command), named);
      context.answer(command, status, ({ connections, notices }) =>
        [
          ...connections.map(ofConnection),
          ...notices.map(({ severity, message }) => plain(`${severity.toUpperCase()}: ${message}`)),
          ...(connections.length === 0 ? ['There is no connection. Make one by `sluice connect`.'] : []),
        ].join('\n\n'),
      );
      const needed =
        status.connections.some((each) => troubled.has(each.status)) ||
        status.notices.some(({ severity }) => severity === 'error');
      if (check === true && needed) throw new CommandFailed(exits.failed, 'Something needs somebody.');
    });
}

async function read(api: Api, named: string | undefined): Promise<Status> {
  const notices = await api.all<Notice>('/notices', { open: 'true' });
  if (named === undefined) return { connections: await api.all<Connection>('/connections'), notices };
  const found = await findConnection(api, named);
  const theirs = notices.filter(({ connection }) => connection === null || connection.id === found.id);
  return { connections: [found], notices: theirs };
}

function ofConnection(connection: Connection): string {
  const { name, siteUrl, status, statusMessage, currentRun, lastRun, nextRuns, permissions } = connection;
  const lines = [
    `${name} (${siteUrl}): ${status}${statusMessage === null ? '' : `. ${statusMessage}`}`,
    currentRun === null ? null : `  now:         ${runLine(currentRun)}`,
    lastRun === null ? '  last sync:   never' : `  last sync:   ${runLine(lastRun)}`,
    nextRuns?.[0] === undefined ? null : `  next sync:   ${nextRuns[0]}`,
    permissions.promisedSeconds === null
      ? null
      : `  permissions: a change counts within ${Math.ceil(permissions.promisedSeconds / 60)} min, read completely ${permissions.readAt ?? 'never'}`,
    permissions.trouble === null ? null : `  permissions: ${permissions.trouble}`,
  ];
  return lines
    .filter((line) => line !== null)
    .map(plain)
    .join('\n');
}

/** One run in a line: what it is, how far it is, why it waits or failed. */
export function runLine({ kind, state, counts, finishedAt, waitingUntil, message }: Run): string {
  const { seen, indexed, unchanged, failed, deleted } = counts;
  const figures = `${seen} seen, ${indexed} indexed, ${unchanged} unchanged, ${failed} failed, ${deleted} deleted`;
  const when = finishedAt === null ? '' : ` ${finishedAt}`;
  const wait = state === 'waiting' && waitingUntil !== null ? ` until ${waitingUntil}` : '';
  return `${kind} ${state}${when}${wait} (${figures})${message === null ? '' : `: ${message}`}`;
}
