import { Option, type Command } from 'commander';
import type { Api } from '../api.ts';
import { findConnection } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { readText } from '../secrets.ts';
import { plain, table } from '../terminal.ts';

interface Record {
  id: string;
  externalId: string;
  type: string;
  state: string;
  title: string;
  url: string;
  space: { key: string } | null;
  modifiedAt: string | null;
  readable: boolean;
  markdown: string | null;
}

interface Choice {
  ids?: string[];
  idsFile?: string;
  subtree?: string;
  space?: string;
  selection?: string;
}

/** What one choice by hand came to. */
interface Chosen {
  records: number;
  leftOut: number;
  takenIn: number;
  run: { id: string } | null;
}

/** As many ids as the API takes at once. */
const mostIds = 500;

/** `sluice records`: what is stored, and which of it is indexed by hand. */
export function recordsCommand(program: Command, context: Context): void {
  const group = program.command('records').description('List records, show one, index or unindex by hand');
  group
    .command('list', { isDefault: true })
    .description('Records, of an administrator every one')
    .option('--connection <id>', 'only of this connection')
    .option('--space <key>', 'only of this space, or of several: HR,OPS')
    .option('--type <type>', 'page, blogpost, comment, attachment …')
    .option('--state <state>', 'indexed, pending, filtered, failed or manual')
    .option('--q <words>', 'that hold these words')
    .option('--limit <n>', 'how many, 1 to 200')
    .option('--cursor <cursor>', 'what follows, as the answer before names it')
    .action(async (options: { [name: string]: string }, command: Command) => {
      const api = await context.api(command);
      const page = await api.call<{ items: Record[]; nextCursor: string | null }>('GET', '/records', {
        query: options,
      });
      context.answer(command, page, ({ items, nextCursor }) =>
        [
          table(
            ['ID', 'TYPE', 'STATE', 'SPACE', 'TITLE'],
            items.map(({ id, type, state, space, title }) =>
              [id, type, state, space?.key ?? '', title].map(plain),
            ),
          ),
          ...(nextCursor === null ? [] : [`There are more: --cursor ${nextCursor}`]),
        ].join('\n'),
      );
    });
  group
    .command('show <id>')
    .description('One record, with its text where the owner of the key may see it')
    .action(async (id: string, _options, command: Command) => {
      const api = await context.api(command);
      const record = await api.call<Record>('GET', `/records/${encodeURIComponent(id)}`);
      context.answer(command, record, ({ title, type, state, url, modifiedAt, markdown, readable }) =>
        [
          plain(`${title} (${type}, ${state})`),
          plain(url),
          ...(modifiedAt === null ? [] : [`changed ${modifiedAt}`]),
          '',
          readable ? lines(markdown ?? '') : 'You may not see its text.',
        ].join('\n'),
      );
    });
  for (const [verb, words] of [
    ['index', 'Index what is selected, where indexing is by hand'],
    ['unindex', 'Take what is selected out of the index again'],
  ] as const) {
    group
      .command(`${verb} <connection>`)
      .description(words)
      .addOption(new Option('--ids <ids...>', 'of records, as `records list` shows them'))
      .addOption(new Option('--ids-file <path>', 'one id a line').conflicts('ids'))
      .addOption(
        new Option('--subtree <id>', 'a record and everything below it').conflicts(['ids', 'idsFile']),
      )
      .addOption(new Option('--space <key>', 'a whole space').conflicts(['ids', 'idsFile', 'subtree']))
      .addOption(
        new Option('--selection <name>', 'what a saved selection finds now').conflicts([
          'ids',
          'idsFile',
          'subtree',
          'space',
        ]),
      )
      .action(async (named: string, choice: Choice, command: Command) => {
        const api = await context.api(command);
        const { id: connection } = await findConnection(api, named);
        const chosen: Chosen = { records: 0, leftOut: 0, takenIn: 0, run: null };
        for (const target of await targetsOf(api, connection, choice)) {
          const body = { connection, ...target };
          const { records, leftOut, takenIn, run } = await api.call<Chosen>('POST', `/records/${verb}`, {
            body,
          });
          chosen.records += records;
          chosen.leftOut += leftOut;
          chosen.takenIn += takenIn;
          chosen.run = run ?? chosen.run;
        }
        context.answer(command, chosen, ({ records, leftOut, takenIn, run }) =>
          [
            `${records} records: ${takenIn} taken in, ${leftOut} left out.`,
            ...(run === null ? [] : [`Sync ${run.id} reads what is new. How far it is: sluice status`]),
          ].join('\n'),
        );
      });
  }
}

/** A choice as calls of the API: one, or several of so many ids. @throws CommandFailed */
async function targetsOf(api: Api, connection: string, choice: Choice): Promise<object[]> {
  const { subtree, space, selection, idsFile } = choice;
  if (subtree !== undefined) return [{ subtree }];
  if (space !== undefined) return [{ space }];
  if (selection !== undefined) return [{ selection: await selectionId(api, connection, selection) }];
  const ids =
    idsFile === undefined
      ? choice.ids
      : readText(idsFile)
          .split(/[\s,]+/)
          .filter(Boolean);
  if (ids === undefined || ids.length === 0) {
    throw new CommandFailed(exits.usage, 'Say what: --ids, --ids-file, --subtree, --space or --selection.');
  }
  const batches = Math.ceil(ids.length / mostIds);
  return Array.from({ length: batches }, (_, index) => ({
    ids: ids.slice(index * mostIds, (index + 1) * mostIds),
  }));
}

async function selectionId(api: Api, connection: string, named: string): Promise<string> {
  const { items } = await api.call<{ items: { id: string; name: string }[] }>(
    'GET',
    `/connections/${connection}/selections`,
  );
  const found = items.find(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
  if (found !== undefined) return found.id;
  throw new CommandFailed(exits.notFound, `There is no selection "${named}" of this connection.`);
}

/** A text of several lines, each without what could steer a terminal. */
const lines = (text: string) => text.split('\n').map(plain).join('\n');
