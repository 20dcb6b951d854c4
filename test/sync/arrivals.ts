import { expect } from '@jest/globals';
import type { SyncRun } from '../../store/schema.ts';
import type { HarnessConnection, RunKind, SyncHarness } from './harness.ts';

/** What a run did about a change: what it stored, what it says that it changed, and what it asked for. */
export interface Arrival {
  run: SyncRun;
  indexed: number;
  changes: Record<string, number>;
  /** Requests beyond those that every run begins with, as path and what was named in the query. */
  beyond: string[];
  requests: number;
  points: number;
}

/** The small first batches, of which a run without news consists. */
const firsts =
  /\/(pages|blogposts|footer-comments|inline-comments|attachments)\?.*limit=(10|7|5)(&|$)|\/spaces\?limit=8(&|$)|\/spaces\?cursor=.*limit=8(&|$)|\/content\/search\?(?=.*lastmodified).*limit=10(&|$)/;

/** Lets a change arrive by a run, which must succeed without a failed item. */
export async function arrival(
  { sandbox }: Pick<SyncHarness, 'sandbox'>,
  connection: HarnessConnection,
  kind: RunKind = 'incremental',
): Promise<Arrival> {
  const { counters } = sandbox.context;
  counters.reset();
  const run = await connection.sync(kind);
  expect(run).toMatchObject({ state: 'succeeded', failed: '0' });
  const asked = counters.log().map(({ path, query }) => `${path}?${query.replace(/^\?/, '')}`);
  const { total } = counters.view();
  return {
    run,
    indexed: Number(run.indexed),
    changes: run.changes,
    beyond: asked.filter((one) => !firsts.test(one)).map(named),
    ...total,
  };
}

/** "content/search id in (…)": the end of the path, and the query's words without paging and expansions. */
function named(request: string): string {
  const url = new URL(request, 'http://site.invalid');
  const path = url.pathname.replace(/^.*\/(?:api\/v2|rest\/api)\//, '');
  const words = ['cql', 'id', 'ids', 'space-id', 'limit'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null || (name === 'limit' && value === '250') ? [] : [`${name}=${value}`];
  });
  return [path, ...words].join(' ');
}
