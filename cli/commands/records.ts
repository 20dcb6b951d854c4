import { Option, type Command } from 'commander';
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

interface Selection {
  ids?: string[];
  idsFile?: string;
  subtree?: string;
  space?: string;
}

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
      .addOption(new Option('--ids <ids...>', 'of items in Confluence').conflicts(['subtree', 'space']))
      .addOption(new Option('--ids-file <path>', 'one id a line').conflicts(['ids', 'subtree', 'space']))
      .addOption(new Option('--subtree <id>', 'a page and everything below it').conflicts('space'))
      .option('--space <key>', 'a whole space')
      .action(async (named: string, selection: Selection, command: Command) => {
        const what = selected(selection);
        const api = await context.api(command);
        const { id: connection } = await findConnection(api, named);
        const done = await api.call('POST', `/records/${verb}`, { body: { connection, ...what } });
        context.answer(command, done, (value) => plain(JSON.stringify(value)));
      });
  }
}

function selected({ ids, idsFile, subtree, space }: Selection): object {
  if (ids !== undefined) return { ids };
  if (idsFile !== undefined)
    return {
      ids: readText(idsFile)
        .split(/[\s,]+/)
        .filter(Boolean),
    };
  if (subtree !== undefined) return { subtree };
  if (space !== undefined) return { space };
  throw new CommandFailed(exits.usage, 'Say what: --ids, --ids-file, --subtree or --space.');
}

/** A text of several lines, each without what could steer a terminal. */
const lines = (text: string) => text.split('\n').map(plain).join('\n');
