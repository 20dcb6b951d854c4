import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { explainSchema } from '../server/api/explain-schemas.ts';
import { createApi } from './demonstration/api.ts';
import { renderExplanation } from './explain/render.ts';
import { wordsOf } from './lines.ts';

/**
 * `npm run explain -- --user ben@acme.example --item <address, id or title>`: asks a running Sluice, at SLUICE_URL with
 * SLUICE_API_KEY or ADMIN_API_KEY. Ends with 0 where the person may see it, 1 where not, 2 where it could not be asked.
 */
async function main(): Promise<number> {
  const command = new Command('explain')
    .description('Tells why a person can or cannot see a page, layer by layer.')
    .requiredOption('--item <item>', 'address, id or title of the page')
    .option('--user <email>', 'the person; left out: the owner of the key')
    .option('--connection <id>', 'only of this connection')
    .option('--json', 'the answer as the API gives it')
    .exitOverride()
    .parse();
  const { item, user, connection, json } = command.opts<{
    item: string;
    user?: string;
    connection?: string;
    json?: true;
  }>();
  const key = process.env['SLUICE_API_KEY'] ?? process.env['ADMIN_API_KEY'];
  if (key === undefined || key === '') {
    throw new Error('Set SLUICE_API_KEY to a key of Sluice: Settings, API keys.');
  }
  const api = createApi((process.env['SLUICE_URL'] ?? 'http://localhost:3000').replace(/\/+$/, ''), key);
  const query = new URLSearchParams({
    item,
    ...(user === undefined ? {} : { user }),
    ...(connection === undefined ? {} : { connection }),
  });
  const answer = await api.call('GET', `/explain?${query}`, explainSchema);
  process.stdout.write(json === true ? `${JSON.stringify(answer, null, 2)}\n` : renderExplanation(answer));
  return answer.visible ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  // Commander has said what is wrong, and ends well where help was asked for.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    process.stderr.write(`${wordsOf(error)}${cause}\n`);
    process.exitCode = 2;
  }
}
