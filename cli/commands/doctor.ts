import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain } from '../terminal.ts';

interface Diagnosis {
  checks: { name: string; ok: boolean; message: string; remedy?: string | null }[];
}

/** `sluice doctor`: the server's diagnosis of itself, with a remedy for each thing that is wrong. */
export function doctorCommand(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('What is wrong and what to do about it; ends with 1 where something is')
    .action(async (_options, command: Command) => {
      const api = await context.api(command);
      const diagnosis = await api.call<Diagnosis>('GET', '/diagnosis');
      context.answer(command, diagnosis, ({ checks }) =>
        checks
          .flatMap(({ name, ok, message, remedy }) => [
            `${ok ? 'ok    ' : 'WRONG '} ${name}: ${message}`,
            ...(ok || remedy === undefined || remedy === null ? [] : [`       ${remedy}`]),
          ])
          .map(plain)
          .join('\n'),
      );
      if (diagnosis.checks.some(({ ok }) => !ok)) throw new CommandFailed(exits.failed, '');
    });
}
