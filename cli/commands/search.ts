import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { plain } from '../terminal.ts';

interface Hit {
  id: string;
  title: string;
  type: string;
  url: string;
  snippetSegments: { text: string; mark: boolean }[];
  breadcrumbs: { title: string }[];
  space: { name: string } | null;
}

interface Found {
  items: Hit[];
  totalVisible: number;
  totalIsExact: boolean;
  nextCursor: string | null;
}

/** `sluice search <words…>`: what the owner of the key, or whoever `--as` names, may see. */
export function searchCommand(program: Command, context: Context): void {
  program
    .command('search <words...>')
    .description('Search what you may see; with --as, what somebody else may see')
    .option('--connection <id>', 'only of this connection')
    .option('--space <key>', 'only of this space, or of several: HR,OPS')
    .option('--type <type>', 'page, blogpost, comment, attachment …')
    .option('--label <label>', 'only with this label')
    .option('--author <name>', 'only by this person')
    .option('--modified-after <day>', 'only what changed since, as 2026-01-31')
    .option('--limit <n>', 'how many, 1 to 50')
    .option('--cursor <cursor>', 'what follows, as the answer before names it')
    .action(async (words: string[], options: Record<string, string>, command: Command) => {
      const api = await context.api(command);
      const found = await api.call<Found>('GET', '/search', { query: { q: words.join(' '), ...options } });
      context.answer(command, found, render);
    });
}

function render({ items, totalVisible, totalIsExact, nextCursor }: Found): string {
  if (items.length === 0) return 'Nothing is found that you may see.';
  const hits = items.map(({ title, type, url, snippetSegments, breadcrumbs, space, id }) =>
    [
      `${title} (${type}, ${id})`,
      `  ${[space?.name, ...breadcrumbs.map((each) => each.title)].filter(Boolean).join(' › ')}`,
      `  ${snippetSegments.map(({ text }) => text).join('')}`,
      `  ${url}`,
    ]
      .map(plain)
      .join('\n'),
  );
  const total = `${items.length} of ${totalIsExact ? '' : 'more than '}${totalVisible}`;
  return [...hits, nextCursor === null ? total : `${total}; what follows: --cursor ${nextCursor}`].join(
    '\n\n',
  );
}
