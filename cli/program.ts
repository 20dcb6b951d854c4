import { Command, CommanderError } from 'commander';
import { ApiRefused } from './api.ts';
import { applyCommand } from './commands/apply.ts';
import { connectCommand } from './commands/connect.ts';
import { connectionsCommand } from './commands/connections.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { recordsCommand } from './commands/records.ts';
import { searchCommand } from './commands/search.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { createContext, type Io } from './context.ts';
import { CommandFailed, exits, type Exit } from './exit.ts';
import { wordsOf } from './lines.ts';

const commands = [
  connectCommand,
  connectionsCommand,
  syncCommand,
  statusCommand,
  doctorCommand,
  searchCommand,
  explainCommand,
  recordsCommand,
  applyCommand,
  exportCommand,
];

/** All that `sluice` can do. */
export function createProgram(io: Io): Command {
  const context = createContext(io);
  const program = new Command('sluice')
    .description('Works with a running Sluice over its API, with the powers of the key that it is given.')
    .option('--url <url>', 'where it answers; else SLUICE_URL, else http://localhost:3000')
    .option('--api-key-file <path>', 'the file with the API key, - for standard input; else SLUICE_API_KEY')
    .option('--as <email>', 'read with the eyes of this person; the key needs the scope "impersonate"')
    .option('--json', 'the answer as the API gives it')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();
  for (const add of commands) add(program, context);
  for (const command of everyCommand(program)) command.exitOverride().showHelpAfterError('Look at --help.');
  return program;
}

/** Runs `sluice` with these arguments (without program and script), and tells how it ends. */
export async function runSluice(args: readonly string[], io: Io): Promise<Exit> {
  try {
    await createProgram(io).parseAsync([...args], { from: 'user' });
    return exits.ok;
  } catch (error) {
    // Commander has said what is wrong, and ends well where help was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.ok : exits.usage;
    if (error instanceof ApiRefused) {
      io.err(`${wordsOf(error)} (${error.code})\n`);
      return error.exit;
    }
    if (!(error instanceof CommandFailed)) {
      io.err(`${wordsOf(error)}\n`);
      return exits.failed;
    }
    if (error.message !== '') io.err(`${error.message}\n`);
    return error.exit;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
