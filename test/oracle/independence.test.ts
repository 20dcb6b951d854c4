import { expect, test } from '@jest/globals';
import { filesOfOurs, importsIn } from '../imports.ts';

/**
 * The oracle and the product are two tellings of one thing, and worth comparing only while neither knows the other.
 * The rules know the shape of a simulated company and nothing else; what makes companies may also use what the
 * simulated site itself is made of.
 */
const rules = new Set(['canView', 'identity', 'layers', 'truth'].map((name) => `test/oracle/${name}.ts`));
const files = filesOfOurs('.ts').filter(
  (path) => path.startsWith('test/oracle/') && !path.endsWith('/') && !path.endsWith('.test.ts'),
);
const told = (file: string, target: string) => `${file} imports ${target}`;

test('the rules import each other, and of the simulated site the shape of a company', () => {
  expect([...rules].filter((path) => !files.includes(path))).toEqual([]);
  const offences = [...rules].flatMap((file) =>
    importsIn(file)
      .filter(({ target, typeOnly }) => !(target === 'sandbox/world/types.ts' && typeOnly))
      .filter(({ target }) => !rules.has(target))
      .map(({ target }) => told(file, target)),
  );
  expect(offences).toEqual([]);
});

test('the rest of the oracle knows worlds and nothing of the product', () => {
  const offences = files.flatMap((file) =>
    importsIn(file)
      .filter(({ target }) => !/^(test\/oracle\/|sandbox\/world\/)|^fast-check$/.test(target))
      .map(({ target }) => told(file, target)),
  );
  expect(offences).toEqual([]);
});

test('the product does not know the oracle', () => {
  const offences = filesOfOurs('.ts', '.mjs')
    .filter((path) => !path.startsWith('test/') && !path.endsWith('/') && !path.endsWith('.test.ts'))
    .flatMap((file) => importsIn(file))
    .filter(({ target }) => target.startsWith('test/oracle/'))
    .map(({ file, target }) => told(file, target));
  expect(offences).toEqual([]);
});
