import { Option, type Command } from 'commander';
import type { Api } from '../api.ts';
import type { Connection } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { readSecret } from '../secrets.ts';
import { plain } from '../terminal.ts';

interface Options {
  name?: string;
  app?: string;
  clientId?: string;
  email?: string;
  scoped?: true;
  expires?: string;
  secretEnv?: string;
  secretFile?: string;
}

/** `sluice connect <site>`: by a registered OAuth app, one of your own, or an API token. */
export function connectCommand(program: Command, context: Context): void {
  program
    .command('connect <site>')
    .description('Connect a Confluence site; prints the address at which a person gives the consent')
    .option('--name <name>', 'how it is called here; left out: the host of the site')
    .option('--app <app>', 'a registered OAuth app, by its name or id')
    .addOption(
      new Option('--client-id <id>', 'an OAuth app that is not registered').conflicts(['app', 'email']),
    )
    .addOption(new Option('--email <email>', 'of the account whose API token it is').conflicts('app'))
    .option('--scoped', 'the API token has scopes')
    .option('--expires <day>', 'the day on which the API token ends, as 2027-03-31')
    .option('--secret-env <name>', 'the variable that holds the client secret or the API token')
    .option('--secret-file <path>', 'the file that holds it; left out, too: standard input')
    .action(async (site: string, options: Options, command: Command) => {
      const api = await context.api(command);
      const siteUrl = /^https?:\/\//.test(site) ? site : `https://${site}`;
      const auth = await authOf(api, options, context);
      const made = await api.call<Connection>('POST', '/connections', {
        body: {
          name: options.name ?? URL.parse(siteUrl)?.hostname ?? site,
          product: 'confluence',
          deployment: 'cloud',
          siteUrl,
          auth,
        },
      });
      context.answer(command, made, ({ name, id, status, authorizeUrl, redirectUrl }) =>
        [
          plain(`${name} (${id}) is there: ${status}.`),
          ...(authorizeUrl === null
            ? ['Save its settings to begin: `sluice apply`, or the page of the connection.']
            : [
                'Open this in a browser within an hour, and accept:',
                authorizeUrl,
                `The OAuth app must know this callback: ${redirectUrl}`,
              ]),
        ].join('\n'),
      );
    });
}

async function authOf(api: Api, options: Options, { io }: Context): Promise<object> {
  const secret = () => {
    const { secretEnv: env, secretFile: file } = options;
    return readSecret({ env, file, stdin: env === undefined && file === undefined }, io);
  };
  if (options.app !== undefined) return { method: 'oauth', oauthAppId: await appId(api, options.app) };
  if (options.clientId !== undefined) {
    return { method: 'oauth', clientId: options.clientId, clientSecret: await secret() };
  }
  if (options.email !== undefined) {
    const { email, scoped = false, expires } = options;
    const expiresAt = expires === undefined ? {} : { expiresAt: expires };
    return { method: 'api_token', email, token: await secret(), scoped, ...expiresAt };
  }
  throw new CommandFailed(
    exits.usage,
    'Say how it signs in: --app <name>, --client-id <id> with its secret, or --email <email> with an API token.',
  );
}

async function appId(api: Api, named: string): Promise<string> {
  const apps = await api.all<{ id: string; name: string }>('/oauth-apps');
  const found = apps.find(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
  if (found !== undefined) return found.id;
  const names = apps.map(({ name }) => `"${name}"`).join(', ');
  throw new CommandFailed(
    exits.notFound,
    `There is no OAuth app "${named}". ${names === '' ? 'Register one under Settings.' : `There are: ${names}.`}`,
  );
}
