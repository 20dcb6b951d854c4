import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { createLogger } from '../../log.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { installLogging } from '../../temporal/run-worker.ts';
import { storedHistories, type RecordedHistory } from './histories.ts';
import { scenarios } from './scenarios.ts';

const histories = storedHistories();

test('each way in which a run may go is recorded, of each workflow', () => {
  const names = histories.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(scenarios)));
  const workflows = readFileSync(new URL('../../workflows/index.ts', import.meta.url), 'utf8');
  const exported = [...workflows.matchAll(/^export \{ (\w+) \}/gm)].map(([, name]) => name);
  const begun = histories.map(
    ({ history }) => history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name,
  );
  expect(exported.length).toBeGreaterThan(3);
  expect(exported.filter((name) => !begun.includes(name))).toEqual([]);
});

test('the workflows of today go on with every history, those of earlier workflows too', async () => {
  installLogging(createLogger('silent'));
  const { codePath, remove } = await bundleWorkflows();
  try {
    const outcomes: string[] = [];
    const all = histories.map(({ name, history }) => ({ workflowId: name, history }));
    for await (const { workflowId, error } of Worker.runReplayHistories(
      { workflowBundle: { codePath } },
      all,
    )) {
      outcomes.push(error === undefined ? `${workflowId} goes on` : `${workflowId}: ${error.message}`);
    }
    expect(outcomes).toEqual(histories.map(({ name }) => `${name} goes on`));
  } finally {
    await remove();
  }
}, 180_000);

/** Every value that a workflow was given, gave or was told. */
function payloads({ text }: RecordedHistory): unknown[] {
  const found: unknown[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key === 'data' && typeof value === 'string') {
      const data = Buffer.from(value, 'base64');
      if (data.length > 0) {
        const metadata = { encoding: Buffer.from('json/plain') };
        found.push(defaultPayloadConverter.fromPayload({ metadata, data }));
      }
    }
    return value;
  });
  return found;
}

test.each(histories)('the history of $name is small and holds ids and codes alone', (recorded) => {
  expect(recorded.history.events?.length).toBeLessThan(150);
  expect(recorded.text.length).toBeLessThan(150_000);
  // Ids, codes and numbers; the words of a failure, which name a request and its trace.
  const known =
    /^([0-9a-f-]{36}|[a-z_]+|\d+|Atlassian did not [a-z ]+\. \(GET [^?]+, status \d+, trace \w+\))$/;
  const texts = payloads(recorded).flatMap(textsIn);
  expect(texts.filter((text) => !known.test(text))).toEqual([]);
  // Neither the site nor anybody on it, nor where it was recorded.
  expect(recorded.text).not.toMatch(/token|@example|https?:|\/home\/|\/work\/|\/tmp\//);
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [String(value)];
}
