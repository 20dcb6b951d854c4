import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { keepDemonstration, openDemonstration } from './keeping.ts';

test("the demonstration has one administrator, the simulated site's, whose secrets stay and are closed", () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-demonstration-'));
  const made = openDemonstration(folder);
  expect(made).toMatchObject({ email: expect.stringMatching(/^ada\./), connected: false });
  expect(made.password.length).toBeGreaterThanOrEqual(12);
  expect(made.apiKey.length).toBeGreaterThanOrEqual(32);
  keepDemonstration(folder, { ...made, connected: true });
  expect(openDemonstration(folder)).toEqual({ ...made, connected: true });
  expect(statSync(join(folder, 'demonstration.json')).mode & 0o777).toBe(0o600);
  const other = openDemonstration(mkdtempSync(join(tmpdir(), 'sluice-demonstration-')));
  expect([other.password, other.apiKey]).not.toEqual([made.password, made.apiKey]);
});
