import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import type { Api } from '../api.ts';
import { findConnection, type Run } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain } from '../terminal.ts';
import { runLine } from './status.ts';

type Progress = Run & {
  stages: { stage: string; state: string; done: number; total: number | null }[];
  remainingSeconds: number | null;
};

interface Options {
  kind: string;
  dryRun?: true;
  wait?: true;
  cancel?: true;
}

const ended = new Set<string>(['succeeded', 'failed', 'cancelled']);
const lookEveryMs = 1_000;

/** `sluice sync <connection>`: starts a sync and, with `--wait`, tells how far it is until it ends. */
export function syncCommand(program: Command, context: Context): void {
  program
    .command('sync <connection>')
    .description('Start a sync; with --wait, tell how far it is, and end with 1 where it fails')
    .addOption(
      new Option('--kind <kind>', 'what is read')
        .choices(['full', 'incremental', 'permissions', 'sweep'])
        .default('incremental'),
    )
    .option('--dry-run', 'find out what a sync would change, and change nothing')
    .option('--wait', 'until it has ended')
    .option('--cancel', 'stop what runs after its batch, instead')
    .action(async (named: string, options: Options, command: Command) => {
      const api = await context.api(command);
      const connection = await findConnection(api, named);
      const path = `/connections/${connection.id}/syncs`;
      if (options.cancel === true) {
        await api.call('POST', `${path}/cancel`);
        context.answer(command, { id: connection.id, cancelled: true }, () => 'It stops after its batch.');
        return;
      }
      const { kind, dryRun } = options;
      const body = { kind, ...(dryRun === undefined ? {} : { dryRun }) };
      const started = await api.call<Run>('POST', path, { body });
      if (options.wait !== true) {
        context.answer(command, started, ({ id }) => `Sync ${id} is queued. How far it is: sluice status`);
        return;
      }
      const run = await follow(api, started.id, context.say);
      context.answer(command, run, (value) => plain(runLine(value)));
      if (run.state !== 'succeeded') throw new CommandFailed(exits.failed, `The sync ${run.state}.`);
    });
}

/** Says each change of how far a run is, once. */
async function follow(api: Api, id: string, say: (line: string) => void): Promise<Progress> {
  for (let said = ''; ; await delay(lookEveryMs)) {
    const run = await api.call<Progress>('GET', `/syncs/${id}`);
    const line = plain(progressLine(run));
    if (line !== said) say(line);
    said = line;
    if (ended.has(run.state)) return run;
  }
}

function progressLine(run: Progress): string {
  const stages = run.stages
    .filter(({ state }) => state === 'running')
    .map(({ stage, done, total }) => `${stage} ${done}${total === null ? '' : ` of ${total}`}`);
  const left =
    run.remainingSeconds === null ? '' : `, about ${Math.ceil(run.remainingSeconds / 60)} min left`;
  const wait = run.state === 'waiting' ? ` until ${run.waitingUntil ?? 'soon'}` : '';
  return `${run.state}${wait}: ${run.counts.seen} seen${stages.length === 0 ? '' : ` (${stages.join(', ')})`}${left}`;
}
