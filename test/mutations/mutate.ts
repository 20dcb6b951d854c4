import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from '../imports.ts';
import { startTestServers } from '../servers.ts';
import { copySources, type Copy } from './copy.ts';
import { content } from './content.ts';
import { effects } from './effects.ts';
import { files } from './files.ts';
import { memory } from './memory.ts';
import { broadTests, type Mutation } from './mutation.ts';
import { rules } from './rules.ts';
import { scope } from './scope.ts';
import { runTests, type Outcome } from './run-tests.ts';
import { upkeep } from './upkeep.ts';

/**
 * `npm run mutate [part of a name or file]`: puts one mistake after the other into a copy of the sources, and shows
 * which test notices. Exit code 1 where one goes unnoticed. MUTATE_AT_ONCE copies (2) are tried side by side.
 */
const only = process.argv[2];
const atOnce = Number(process.env['MUTATE_AT_ONCE'] ?? 2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const wanted = [...rules, ...memory, ...effects, ...upkeep, ...content, ...files, ...scope].filter(
  ({ name, file }) => only === undefined || name.includes(only) || file.includes(only),
);

interface Verdict {
  mutation: Mutation;
  killedBy: string | null;
  seconds: number;
}

interface Round {
  file: string;
  only?: string | undefined;
}

/** The narrowest tests first; those that look at everything where they notice nothing. */
function rounds({ tests, only }: Mutation): Round[] {
  const own = tests.filter((file) => existsSync(join(root, file)));
  const broad = broadTests.filter((file) => only !== undefined || !own.includes(file));
  return [...own.map((file) => ({ file, only })), ...broad.map((file) => ({ file }))];
}

async function judge(copy: Copy, mutation: Mutation): Promise<Verdict> {
  const began = Date.now();
  const verdict = (killedBy: string | null): Verdict => ({
    mutation,
    killedBy,
    seconds: Math.round((Date.now() - began) / 1000),
  });
  for (const round of rounds(mutation)) {
    const restore = copy.apply(mutation);
    const outcome = await runTests(copy.folder, round.file, round.only).finally(restore);
    if (outcome.kind === 'passed') continue;
    const proof = outcome.kind === 'failed' && (await isGreen(copy, round));
    if (outcome.kind === 'failed' && proof) return verdict(outcome.test);
    say(`${mutation.name}: ${round.file} proves nothing: ${told(outcome)}`);
    return verdict(null);
  }
  return verdict(null);
}

const green = new Map<string, Promise<Outcome>>();

/** Tests that are red before anything is broken would notice everything. */
async function isGreen(copy: Copy, { file, only: named }: Round): Promise<boolean> {
  const key = `${file} ${named ?? ''}`;
  const outcome = green.get(key) ?? runTests(copy.folder, file, named);
  green.set(key, outcome);
  const ended = await outcome;
  if (ended.kind !== 'passed') say(`Without any mutation: ${key}: ${told(ended)}`);
  return ended.kind === 'passed';
}

function told(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.test : outcome.kind === 'broken' ? outcome.message : 'green';
}

/** Takes one after the other from the list, in as many copies as there are. */
async function inCopies<T>(list: readonly T[], work: (copy: Copy, one: T) => Promise<void>): Promise<void> {
  const queue = [...list];
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(copy, next);
    }),
  );
}

const servers = await startTestServers(say);
const copies = Array.from({ length: Math.min(atOnce, wanted.length) }, copySources);
const verdicts: Verdict[] = [];
try {
  // Told before anything is tried, not after half an hour.
  for (const mutation of wanted) copies[0]?.apply(mutation)();
  await inCopies(wanted, async (copy, mutation) => {
    const verdict = await judge(copy, mutation);
    verdicts.push(verdict);
    say(`${verdict.killedBy === null ? 'SURVIVED' : 'killed  '} ${verdict.seconds} s  ${mutation.name}`);
  });
} finally {
  for (const copy of copies) copy.remove();
  await servers.stop();
}

say('\nmutation | killed by | seconds');
for (const { mutation, killedBy, seconds } of verdicts)
  say(`${mutation.name} (${mutation.file}) | ${killedBy ?? 'NOTHING'} | ${seconds}`);
const survivors = verdicts.filter(({ killedBy }) => killedBy === null);
say(
  `\n${verdicts.length} mutations, ${verdicts.length - survivors.length} killed, ${survivors.length} survived.`,
);
process.exitCode = survivors.length > 0 || verdicts.length === 0 ? 1 : 0;
