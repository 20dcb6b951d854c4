import { expect, test } from '@jest/globals';
import { createEcho } from './echo.ts';

test('the same message is heard once a minute, another at once', () => {
  let now = 0;
  const heard = createEcho(() => now);
  expect(heard('down')).toBe(true);
  expect(heard('down')).toBe(false);
  expect(heard('up')).toBe(true);
  now = 59_999;
  expect(heard('down')).toBe(false);
  now = 60_000;
  expect(heard('down')).toBe(true);
});
