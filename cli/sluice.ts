import process from 'node:process';
import { text } from 'node:stream/consumers';
import { runSluice } from './program.ts';

/** `sluice <command>`: the command line, for people and scripts. docs/cli.md */
process.exitCode = await runSluice(process.argv.slice(2), {
  env: process.env,
  stdin: () => text(process.stdin),
  out: (words) => void process.stdout.write(words),
  err: (words) => void process.stderr.write(words),
});
