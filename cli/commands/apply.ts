import type { Command } from 'commander';
import { createApplier } from '../apply/carry-out.ts';
import { planOf, type App, type Plan, type Step } from '../apply/plan.ts';
import { readConfigurationFile } from '../apply/read-file.ts';
import type { Api } from '../api.ts';
import type { Connection } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain } from '../terminal.ts';

interface Options {
  plan?: true;
  prune?: true;
  yes?: true;
  secrets?: true;
}

interface Waiting {
  id: string;
  name: string;
  /** Absent from a plan: a link is made when it is needed. */
  authorizeUrl?: string;
}

/** `sluice apply connections.yaml`: makes the server as the file says; a second time there is nothing to change. */
export function applyCommand(program: Command, context: Context): void {
  program
    .command('apply <file>')
    .description('Make connections and their settings as a YAML file says; says what it changes')
    .option('--plan', 'say what would change, and change nothing')
    .option('--secrets', 'send the secrets again, too: they cannot be compared')
    .option('--prune', 'delete connections that are not in the file; needs --yes')
    .option('--yes', 'do delete what --prune names')
    .action(async (path: string, options: Options, command: Command) => {
      const file = readConfigurationFile(path);
      const api = await context.api(command);
      const there = {
        apps: await api.all<App>('/oauth-apps'),
        connections: await api.all<Connection>('/connections'),
      };
      const { prune = false, secrets = false } = options;
      const plan = planOf(file.wanted, there, { prune, secrets });
      if (options.plan === true) {
        context.answer(command, answerOf(plan, plan.unauthorized, false), () =>
          render(plan, plan.unauthorized),
        );
        return;
      }
      refuseUnasked(plan, options);
      const waiting = await carryOut(plan, createApplier({ api, file, sources: context.io }), context);
      const links = await withLinks(api, waiting);
      context.answer(command, answerOf(plan, links, true), () => render(plan, links));
    });
}

/** @throws CommandFailed where something would be deleted that nobody has agreed to; nothing is done then. */
function refuseUnasked({ steps }: Plan, { yes }: Options): void {
  const doomed = steps.filter(({ action }) => action === 'delete connection');
  if (doomed.length === 0 || yes === true) return;
  const names = doomed.map(({ name, details }) => `  "${name}" (${details.join(', ')})`).join('\n');
  const many = doomed.length === 1 ? 'a connection' : `${doomed.length} connections`;
  throw new CommandFailed(
    exits.usage,
    `This would delete ${many}:\n${names}\nSay --yes to do it. Nothing was changed.`,
  );
}

async function carryOut(
  plan: Plan,
  applier: ReturnType<typeof createApplier>,
  context: Context,
): Promise<Waiting[]> {
  const waiting = new Map(plan.unauthorized.map((each) => [each.id, each]));
  for (const [index, step] of plan.steps.entries()) {
    try {
      const { waits } = await applier.carryOut(step);
      if (waits !== null) waiting.set(waits.id, waits);
    } catch (error) {
      const total = plan.steps.length;
      if (total > 1) context.say(`${index} of ${total} changes are done; apply again for the rest.`);
      throw error;
    }
  }
  const deleted = new Set(plan.steps.flatMap((step) => (step.action === 'delete connection' ? step.id : [])));
  return [...waiting.values()].filter(({ id }) => !deleted.has(id));
}

async function withLinks(api: Api, waiting: Waiting[]): Promise<Waiting[]> {
  const links: Waiting[] = [];
  for (const each of waiting) {
    const connection = await api.call<Connection>('GET', `/connections/${each.id}`);
    if (connection.auth.method !== 'oauth') continue;
    const { authorizeUrl } = await api.call<{ authorizeUrl: string }>(
      'POST',
      `/connections/${each.id}/authorize-link`,
    );
    links.push({ ...each, authorizeUrl });
  }
  return links;
}

function answerOf(plan: Plan, waiting: Waiting[], applied: boolean) {
  return {
    applied,
    changes: plan.steps.map(({ action, name, details }) => ({ action, name, details })),
    waitingForConsent: waiting,
    notInFile: plan.others,
  };
}

const signs: Record<Step['action'], string> = {
  'create app': '+',
  'create connection': '+',
  'update app': '~',
  'update connection': '~',
  'change settings': '~',
  enable: '~',
  disable: '~',
  'delete connection': '-',
};

function render({ steps, others }: Plan, waiting: Waiting[]): string {
  return [
    ...steps.flatMap(({ action, name, details }) => [
      plain(`${signs[action]} ${action} "${name}"`),
      ...details.map((detail) => plain(`    ${detail}`)),
    ]),
    ...(steps.length === 0 ? ['Nothing to change.'] : []),
    ...waiting.flatMap(({ name, authorizeUrl }) => [
      plain(`"${name}" waits for a person's consent; then apply again for its settings.`),
      ...(authorizeUrl === undefined ? [] : [`    Open within an hour: ${authorizeUrl}`]),
    ]),
    ...(others.length === 0 ? [] : [plain(`Not in the file, left alone: ${others.join(', ')}.`)]),
  ].join('\n');
}
