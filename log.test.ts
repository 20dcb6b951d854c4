import { beforeEach, expect, test } from '@jest/globals';
import { createLogger, tellOperator } from './log.ts';

const link = 'https://sluice.example.com/setup?token=abcdefghijklmnop';
let logged: string[] = [];
const log = createLogger('info', { write: (line: string) => void logged.push(line) });
beforeEach(() => {
  logged = [];
});

test('secrets are redacted by the name of their field and by their form', () => {
  log.info(
    { accessToken: 'one', request: { password: 'two' } },
    `Asked ${link} with Bearer abcdefghijklmnop`,
  );
  const line = logged.join('');
  for (const secret of ['one', 'two', 'abcdefghijklmnop']) expect(line).not.toContain(secret);
  expect(JSON.parse(line).msg).toBe(
    'Asked https://sluice.example.com/setup?token=[redacted] with Bearer [redacted]',
  );
});

test('what is told to the operator is readable, and nothing else of its line', () => {
  tellOperator(log, 'For slc_abcdefghijklmnop, once', link);
  expect(JSON.parse(logged.join('')).msg).toBe(`For [redacted], once: ${link}`);
});

test('what was told once is redacted in every other line', () => {
  tellOperator(log, 'Once', link);
  logged = [];
  log.info(link);
  log.info('[for the operator]');
  expect(logged.join('')).not.toContain('abcdefghijklmnop');
});

test('a logger that is too quiet tells nothing, also not with the next line', () => {
  const quiet = createLogger('error', { write: (line: string) => void logged.push(line) });
  tellOperator(quiet, 'Once', link);
  quiet.error('[for the operator]');
  expect(logged.join('')).not.toContain('abcdefghijklmnop');
});
