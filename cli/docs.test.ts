import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { root } from '../test/imports.ts';
import { parseConfiguration } from './apply/read-file.ts';
import { exits } from './exit.ts';
import { createProgram } from './program.ts';

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const program = createProgram({ env: {}, stdin: async () => '', out: () => {}, err: () => {} });

/** Commands that do something, by their whole name. */
function leaves(command: Command, before: string[] = []): { name: string; options: string[] }[] {
  const path = [...before, command.name()];
  const own = command.options.flatMap(({ long }) => long ?? []);
  if (command.commands.length === 0) return [{ name: path.join(' '), options: own }];
  return command.commands.flatMap((each) => leaves(each, path));
}

test('the page on the command line tells of each command with its options, and of no other', () => {
  const rows = textOf('docs/cli.md')
    .split('\n')
    .filter((line) => line.startsWith('| `sluice '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const told = rows.flatMap(([, name = '', , options = '']) => {
    const [first = '', ...others] = [...name.matchAll(/`([^`]+)`/g)].map(([, each = '']) => each);
    const whole = first.replaceAll(/ [<[].*/g, '');
    const group = whole.split(' ').slice(0, -1).join(' ');
    const names = [whole, ...others.map((each) => each.replace('…', group))];
    const long = [...options.matchAll(/`(--[\w-]+)`/g)].map(([, each = '']) => each);
    return names.map((each) => `${each} ${long.toSorted().join(' ')}`.trim());
  });
  const there = leaves(program).map(({ name, options }) => `${name} ${options.toSorted().join(' ')}`.trim());
  expect(told.toSorted()).toEqual(there.toSorted());
  expect(
    program.options.map(({ long }) => long).filter((long) => !textOf('docs/cli.md').includes(`\`${long}\``)),
  ).toEqual([]);
});

test('the page tells of each way to end', () => {
  const told = [...textOf('docs/cli.md').matchAll(/^\| (\d) +\|/gm)].map(([, exit]) => Number(exit));
  expect(told).toEqual(Object.values(exits));
});

test('the file that the page shows is a good one', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(textOf('docs/configuration-file.md')) ?? [];
  const { wanted } = parseConfiguration('connections.yaml', yaml);
  expect(wanted.connections.map(({ name }) => name)).toEqual(['Northwind wiki', 'Partner wiki']);
});
