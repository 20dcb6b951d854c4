import type { Command } from 'commander';
import { CommandFailed, exits } from '../exit.ts';
import type { Context } from '../context.ts';
import { renderExplanation, type Explanation } from '../explain/render.ts';

/** `sluice explain <item>`: why a person can or cannot see it; ends with 1 where not. */
export function explainCommand(program: Command, context: Context): void {
  program
    .command('explain <item>')
    .description('Why a person can or cannot see a page, layer by layer; ends with 1 where not')
    .option('--user <email>', 'the person; left out: the owner of the key')
    .option('--connection <id>', 'only of this connection')
    .action(async (item: string, options: { user?: string; connection?: string }, command: Command) => {
      const api = await context.api(command);
      const answer = await api.call<Explanation>('GET', '/explain', { query: { item, ...options } });
      context.answer(command, answer, (value) => renderExplanation(value).trimEnd());
      if (!answer.visible) throw new CommandFailed(exits.failed, '');
    });
}
