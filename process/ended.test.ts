import { expect, test } from '@jest/globals';
import { errorIn, serviceEnded } from './ended.ts';

test.each([
  ['{"level":50,"msg":"It broke","err":{"message":"disk"}}', 'It broke: disk'],
  ['{"level":60,"msg":"No key.","err":{"message":"No key.: and why"}}', 'No key.'],
  ['{"level":50,"err":{"message":"disk"}}', 'disk'],
  ['{"level":30,"msg":"All is well"}', undefined],
  ['{"level":50,"msg":', undefined],
  ['Error: at somewhere', undefined],
])('%s says %s', (line, message) => {
  expect(errorIn(line)).toBe(message);
});

test('a service that ended is told by its last logged error, else by its last lines, else by its code', () => {
  const logged = ['{"level":60,"msg":"No database."}', 'Node.js v24'];
  expect(serviceEnded(logged, 1).message).toBe('No database.');
  expect(serviceEnded(['one', 'two'], 1).message).toBe('one\ntwo');
  expect(serviceEnded([], 9).message).toBe('It ended with code 9.');
});
