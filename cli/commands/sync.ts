import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import type { Api } from '../api.ts';
import { outcomeWords } from '../../scope/dry-run-words.ts';
import { findConnection, type Run } from '../connections.ts';
import type { Context } from '../context.ts';
import { CommandFailed, exits } from '../exit.ts';
import { plain } from '../terminal.ts';
import { runLine } from './status.ts';

type Progress = Run & {
  stages: { stage: string; state: string; done: number; total: number | null }[];
  remainingSeconds: number | null;
};

interface Report {
  complete: boolean;
  outcomes: { outcome: keyof typeof outcomeWords; items: number; points: number }[];
  cost: { requests: number; points: number; minutes: number };
}

interface Options {
  kind?: string;
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
      new Option('--kind <kind>', 'what is read; left out: incremental, of a dry run full').choices([
        'full',
        'incremental',
        'permissions',
        'sweep',
      ]),
    )
    .option('--dry-run', 'find out what a full sync would do, and do nothing of it; with --wait, its report')
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
      const { dryRun, kind = dryRun === true ? 'full' : 'incremental' } = options;
      const body = { kind, ...(dryRun === undefined ? {} : { dryRun }) };
      const started = await api.call<Run>('POST', path, { body });
      if (options.wait !== true) {
        context.answer(command, started, ({ id }) => `Sync ${id} is queued. How far it is: sluice status`);
        return;
      }
      const run = await follow(api, started.id, context.say);
      if (dryRun === true && run.state === 'succeeded') {
        context.answer(command, await api.call<Report>('GET', `/syncs/${run.id}/report`), reportOf);
        return;
      }
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

function reportOf({ outcomes, cost, complete }: Report): string {
  return [
    ...outcomes.map(({ outcome, items }) => `${outcomeWords[outcome] ?? outcome}: ${items}`),
    `It would take about ${Math.ceil(cost.minutes)} min, ${cost.requests} requests and ${cost.points} points.`,
    ...(complete ? [] : ['Not everything could be compared.']),
  ].join('\n');
}

function progressLine(run: Progress): string {
  const stages = run.stages
    .filter(({ state }) => state === 'running')
    .map(({ stage, done, total }) => `${stage} ${done}${total === null ? '' : ` of ${total}`}`);
  const left =
    run.remainingSeconds === null ? '' : `, about ${Math.ceil(run.remainingSeconds / 60)} min left`;
  const why = run.message === null ? '' : ` (${run.message})`;
  const wait = run.state === 'waiting' ? ` until ${run.waitingUntil ?? 'soon'}${why}` : '';
  return `${run.state}${wait}: ${run.counts.seen} seen${stages.length === 0 ? '' : ` (${stages.join(', ')})`}${left}`;
}
