import { expect, test } from '@jest/globals';
import { renderReport } from './report.ts';
import { soak } from './soak.ts';

/** One of the days that `npm run soak` tells ten of. */
test('a day of changes, faults, killed parts and syncs loses nothing, doubles nothing and leaks nothing', async () => {
  const report = await soak({ seed: 6, days: 1 });
  const { lost, doubled, stale, leaked, hidden, unbalanced, secrets, unexplained } = report;
  expect({
    findings: report.findings,
    lost,
    doubled,
    stale,
    leaked,
    hidden,
    unbalanced,
    secrets,
    unexplained,
  }).toEqual({
    findings: [],
    lost: 0,
    doubled: 0,
    stale: 0,
    leaked: 0,
    hidden: 0,
    unbalanced: 0,
    secrets: 0,
    unexplained: 0,
  });
  // A day in which nothing happened would prove nothing.
  expect(renderReport(report).join('\n')).toMatch(/PostgreSQL killed +1/);
  expect([...report.changes.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(80);
  expect(report.looks).toBeGreaterThan(500);
}, 900_000);
