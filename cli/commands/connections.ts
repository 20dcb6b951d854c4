import type { Command } from 'commander';
import { findConnection, type Connection } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain, table } from '../terminal.ts';

/** `sluice connections`: the list, and what is done to one. */
export function connectionsCommand(program: Command, context: Context): void {
  const group = program
    .command('connections')
    .description('List connections, test, stop, resume or remove one');
  group
    .command('list', { isDefault: true })
    .description('All connections')
    .action(async (_options, command: Command) => {
      const api = await context.api(command);
      const items = await api.all<Connection>('/connections');
      context.answer(command, { items, nextCursor: null }, () => listOf(items));
    });
  group
    .command('test <connection>')
    .description('Test token, site, scopes, rights and visible emails; ends with 1 where something is wrong')
    .action(async (named: string, _options, command: Command) => {
      const api = await context.api(command);
      const { id } = await findConnection(api, named);
      const tested = await api.call<{
        ok: boolean;
        checks: { name: string; ok: boolean; message: string }[];
      }>('POST', `/connections/${id}/test`);
      context.answer(command, tested, ({ checks }) =>
        checks
          .map(({ name, ok, message }) => plain(`${ok ? 'ok     ' : 'WRONG  '} ${name}: ${message}`))
          .join('\n'),
      );
      if (!tested.ok) throw new CommandFailed(exits.failed, 'The connection does not work as it should.');
    });
  for (const [change, words] of [
    ['enable', 'Let a disabled connection sync again'],
    ['disable', 'Stop all syncs of a connection; what is stored stays searchable'],
    ['pause', 'Let syncs of content rest; permissions are read meanwhile'],
    ['resume', 'Let paused syncs go on from where they stopped'],
  ] as const) {
    group
      .command(`${change} <connection>`)
      .description(words)
      .action(async (named: string, _options, command: Command) => {
        const api = await context.api(command);
        const { id } = await findConnection(api, named);
        const after = await api.call<Connection>('POST', `/connections/${id}/${change}`);
        context.answer(command, after, ({ name, status }) => plain(`${name}: ${status}`));
      });
  }
  group
    .command('remove <connection>')
    .description('Delete a connection with everything that came through it')
    .option('--yes', 'do it; without, it is only said what would be deleted')
    .action(async (named: string, { yes }: { yes?: true }, command: Command) => {
      const api = await context.api(command);
      const { id, name, siteUrl } = await findConnection(api, named);
      if (yes !== true) {
        const what = `This deletes "${name}" (${siteUrl}), its records, its history and its credential`;
        throw new CommandFailed(exits.usage, `${what}. Say --yes to do it.`);
      }
      const left = await api.call<Connection | undefined>('DELETE', `/connections/${id}`);
      context.answer(command, left ?? { id, deleted: true }, () =>
        plain(left === undefined ? `"${name}" is deleted.` : `"${name}" is hidden and being deleted.`),
      );
    });
}

function listOf(items: Connection[]): string {
  if (items.length === 0) return 'There is no connection. Make one by `sluice connect`.';
  return table(
    ['NAME', 'STATUS', 'SITE', 'LAST SYNC', 'ID'],
    items.map(({ name, status, siteUrl, lastRun, id }) =>
      [
        name,
        status,
        siteUrl,
        lastRun === null ? 'never' : `${lastRun.state} ${lastRun.finishedAt ?? ''}`,
        id,
      ].map(plain),
    ),
  );
}
