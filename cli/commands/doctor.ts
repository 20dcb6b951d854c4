import type { Command } from 'commander';
import type { Diagnosis } from '../../server/diagnosis/check.ts';
import { diagnosisText } from '../../server/diagnosis/text.ts';
import { findConnection } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { diagnoseLocally } from '../local-diagnosis.ts';

/**
 * `sluice doctor`: the server's diagnosis of itself, with a remedy for each thing that is wrong. Where the server does not
 * answer, this machine looks itself, with the environment that it has.
 */
export function doctorCommand(program: Command, context: Context): void {
  program
    .command('doctor [connection]')
    .description('What is wrong and what to do about it; ends with 1 where something is')
    .option('--local', 'ask no server: look from here, with the variables of this environment')
    .action(async (named: string | undefined, { local }: { local?: true }, command: Command) => {
      const diagnosis =
        local === true ? await diagnoseLocally(context.io.env, null) : await ask(context, command, named);
      context.answer(command, diagnosis, diagnosisText);
      if (!diagnosis.ok) throw new CommandFailed(exits.failed, '');
    });
}

async function ask(context: Context, command: Command, named: string | undefined): Promise<Diagnosis> {
  const api = await context.api(command);
  try {
    const connection = named === undefined ? undefined : (await findConnection(api, named)).id;
    return await api.call<Diagnosis>('GET', '/diagnosis', { query: { connection } });
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.exit !== exits.unreachable) throw error;
    context.say(`${error.message} Looking from here instead.`);
    return diagnoseLocally(context.io.env, error.message);
  }
}
