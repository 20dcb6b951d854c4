import type { Command } from 'commander';
import { createApi, type Api } from './api.ts';
import { CommandFailed, exits } from './exit.ts';
import { readSecret, type SecretSources } from './secrets.ts';

/** What a command is run with: tests give their own. */
export interface Io extends SecretSources {
  out: (text: string) => void;
  err: (text: string) => void;
}

interface GlobalOptions {
  url?: string;
  apiKeyFile?: string;
  as?: string;
  json?: true;
}

/** What every command shares: the server, the way to answer. */
export interface Context {
  io: Io;
  api: (command: Command) => Promise<Api>;
  /** The API's own JSON where `--json` asks for it, else what `words` makes of it; both on standard output. */
  answer: <T>(command: Command, value: T, words: (value: T) => string) => void;
  /** A line for people, on standard error: never part of the answer. */
  say: (line: string) => void;
  isJson: (command: Command) => boolean;
}

const usualUrl = 'http://localhost:3000';

export function createContext(io: Io): Context {
  const globals = (command: Command) => command.optsWithGlobals<GlobalOptions>();
  const isJson = (command: Command) => globals(command).json === true;
  const say = (line: string) => io.err(`${line}\n`);
  return {
    io,
    say,
    isJson,
    async api(command) {
      const { url, apiKeyFile, as } = globals(command);
      const base = (url ?? io.env['SLUICE_URL'] ?? usualUrl).replace(/\/+$/, '');
      if (!/^https?:$/.test(URL.parse(base)?.protocol ?? '')) {
        throw new CommandFailed(exits.usage, `"${base}" is no address of a Sluice, such as ${usualUrl}.`);
      }
      return createApi(base, await keyOf(io, apiKeyFile), as);
    },
    answer(command, value, words) {
      io.out(isJson(command) ? `${JSON.stringify(value, null, 2)}\n` : `${words(value)}\n`);
    },
  };
}

async function keyOf(io: Io, file: string | undefined): Promise<string> {
  const named = file ?? io.env['SLUICE_API_KEY_FILE'];
  if (named === '-') return readSecret({ stdin: true }, io);
  if (named !== undefined && named !== '') return readSecret({ file: named }, io);
  const key = (io.env['SLUICE_API_KEY']?.trim() || io.env['ADMIN_API_KEY']?.trim()) ?? '';
  if (key !== '') return key;
  throw new CommandFailed(
    exits.usage,
    'Set SLUICE_API_KEY to a key of Sluice (Settings, API keys), or name a file with it by --api-key-file.',
  );
}
