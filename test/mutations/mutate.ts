import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from '../imports.ts';
import { startTestServers } from '../servers.ts';
import { copySources, type Copy } from './copy.ts';
import { effects } from './effects.ts';
import { memory } from './memory.ts';
import { broadTests, type Mutation } from './mutation.ts';
import { rules } from './rules.ts';
import { runTests } from './run-tests.ts';

/**
 * `npm run mutate [part of a name or file]`: puts one mistake after the other into a copy of the sources, and shows
 * which test notices. Exit code 1 where one goes unnoticed. MUTATE_AT_ONCE copies (2) are tried side by side.
 */
const only = process.argv[2];
const atOnce = Number(process.env['MUTATE_AT_ONCE'] ?? 2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const wanted = [...rules, ...memory, ...effects].filter(
  ({ name, file }) => only === undefined || name.includes(only) || file.includes(only),
);

interface Verdict {
  mutation: Mutation;
  killedBy: string | null;
  seconds: number;
}

interface Round {
  files: string[];
  only?: string | undefined;
}

/** The narrowest tests first; those that look at everything where they notice nothing. */
function rounds({ tests, only }: Mutation): Round[] {
  const own = tests.filter((file) => existsSync(join(root, file)));
  const broad = broadTests.filter((file) => only !== undefined || !own.includes(file));
  return [{ files: own, only }, ...broad.map((file) => ({ files: [file] }))];
}

async function judge(copy: Copy, mutation: Mutation): Promise<Verdict> {
  const began = Date.now();
  const restore = copy.apply(mutation);
  let killedBy: string | null = null;
  try {
    for (const { files, only: named } of rounds(mutation)) {
      if (files.length === 0) continue;
      const outcome = await runTests(copy.folder, files, named);
      if (outcome.kind === 'broken')
        throw new Error(`"${mutation.name}" does not load, which proves nothing: ${outcome.message}`);
      if (outcome.kind === 'failed') killedBy = outcome.test;
      if (killedBy !== null) break;
    }
  } finally {
    restore();
  }
  return { mutation, killedBy, seconds: Math.round((Date.now() - began) / 1000) };
}

/** Tests that are red before anything is broken would notice everything. */
async function expectGreen(): Promise<void> {
  const narrow = wanted.flatMap((mutation) => rounds(mutation).slice(0, 1));
  const each = new Map(narrow.map((round) => [JSON.stringify(round), round]));
  say(`First the ${each.size} narrowest sets of tests, as they are.`);
  await inCopies([...each.values()], async (copy, { files, only: named }) => {
    const outcome = await runTests(copy.folder, files, named);
    if (outcome.kind === 'passed') return;
    const why = outcome.kind === 'failed' ? outcome.test : outcome.message;
    throw new Error(`Red without any mutation: ${files.join(' ')} ${named ?? ''}: ${why}`);
  });
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
  await expectGreen();
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
