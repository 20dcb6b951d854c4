import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../server/metrics.ts';
import { registerPermissionMetrics } from '../server/permission-metrics.ts';
import { registerStateMetrics } from '../server/state-metrics.ts';
import { workerRegistry } from '../temporal/worker-health.ts';
import { root } from '../test/imports.ts';

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

interface Known {
  name: string;
  labelNames: string[];
  histogram: boolean;
}

/** Every metric that a server or a worker serves; nothing is read to list them. */
function served(): Known[] {
  const { registry } = createMetrics();
  const nothing = {} as never;
  registerPermissionMetrics(registry, nothing);
  registerStateMetrics(registry, { db: nothing, pool: nothing, queue: async () => [] });
  return [registry, workerRegistry()]
    .flatMap((each) => each.getMetricsAsArray())
    .map((metric) => ({
      name: metric.name,
      labelNames: [...((metric as unknown as { labelNames?: string[] }).labelNames ?? [])],
      histogram: metric.constructor.name === 'Histogram',
    }));
}
const known = served();
const find = (sample: string) =>
  known.find(
    ({ name, histogram }) =>
      name === sample || (histogram && [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample)),
  );

/** What in an expression no metric has: names, and labels of none of the metrics that it names. */
function unknownIn(expression: string): string[] {
  const words = expression.replaceAll(/"[^"]*"/g, '""');
  const names = [...words.matchAll(/\b(?:sluice|process|nodejs)_\w+/g)].map(([name]) => name);
  const labels = [
    ...[...words.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
      [...inner.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
    ),
    ...[...words.matchAll(/\b(?:by|on|group_left)\s*\(([^)]*)\)/g)].flatMap(([, inner = '']) =>
      inner.split(',').map((label) => label.trim()),
    ),
  ];
  const theirs = new Set([...names.flatMap((name) => find(name)?.labelNames ?? []), 'le', 'instance', 'job']);
  return [
    ...(names.length === 0 ? ['(no metric)'] : []),
    ...names.filter((name) => find(name) === undefined),
    ...labels.filter((label) => !theirs.has(label)),
  ];
}

interface Panel {
  type: string;
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

const board = JSON.parse(textOf('dashboard/sluice-grafana.json')) as { uid: string; panels: Panel[] };
const rules = (
  parse(textOf('dashboard/alerts.yaml')) as {
    groups: {
      rules: {
        alert: string;
        expr: string;
        labels: { severity: string };
        annotations: Record<'summary' | 'description' | 'runbook', string>;
      }[];
    }[];
  }
).groups.flatMap((group) => group.rules);

test('each query of the dashboard and of the alerts names metrics and labels that are served', () => {
  const queries = [
    ...board.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
    ...rules.map(({ alert, expr }) => ({ title: alert, expr })),
  ];
  expect(queries.length).toBeGreaterThan(40);
  expect(queries.flatMap(({ title, expr }) => unknownIn(expr).map((what) => `${title}: ${what}`))).toEqual(
    [],
  );
});

test('a legend names labels that its query leaves', () => {
  const wrong = board.panels.flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ expr, legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
        .map(([, label = '']) => label)
        .filter((label) => label !== 'instance' && !expr.includes(label))
        .map((label) => `${title}: ${label}`),
    ),
  );
  expect(wrong).toEqual([]);
});

test('a mistyped metric or label would be noticed', () => {
  expect(unknownIn('sum by (kind) (rate(sluice_runs_totals[1h]))')).toEqual(['sluice_runs_totals', 'kind']);
  expect(unknownIn('max by (nobody) (sluice_runs_total{stat="failed"})')).toEqual(['stat', 'nobody']);
  expect(unknownIn('vector(1)')).toEqual(['(no metric)']);
});

test('the page on metrics lists each metric of ours with its labels, and each alert', () => {
  const page = textOf('docs/metrics.md');
  const listed = [...page.matchAll(/^\| `(sluice_\w+)` *\|([^|]*)\|/gm)].map(
    ([, name, labels = '']) =>
      `${name} ${[...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).join(',')}`,
  );
  const ours = known
    .filter(({ name }) => name.startsWith('sluice_'))
    .map(({ name, labelNames }) => `${name} ${labelNames.join(',')}`);
  expect(listed.toSorted()).toEqual(ours.toSorted());
  const alerts = [...page.matchAll(/^\| `(Sluice\w+)` *\|/gm)].map(([, name]) => name);
  expect(alerts.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});

test('names follow the conventions of Prometheus: a counter ends in _total, times are seconds', () => {
  const ours = known.filter(({ name }) => name.startsWith('sluice_'));
  const counters = [createMetrics().registry, workerRegistry()]
    .flatMap((each) => each.getMetricsAsArray())
    .filter((metric) => metric.name.startsWith('sluice_') && metric.constructor.name === 'Counter');
  expect(counters.filter(({ name }) => !name.endsWith('_total')).map(({ name }) => name)).toEqual([]);
  expect(ours.filter(({ name }) => /(_ms|_minutes|_time)$/.test(name))).toEqual([]);
});

test('each alert says how bad it is, what to do, and where to read on', () => {
  const wanting = rules.filter(
    ({ labels, annotations }) =>
      !['critical', 'warning'].includes(labels.severity) ||
      !annotations.summary ||
      !annotations.description ||
      !existsSync(join(root, annotations.runbook)),
  );
  expect(wanting.map(({ alert }) => alert)).toEqual([]);
});
