import process from 'node:process';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness } from '../sync/harness.ts';
import { startTestServers } from '../servers.ts';
import { storeHistory } from './histories.ts';
import { scenarios } from './scenarios.ts';

/**
 * Records the histories that replay.test.ts replays, from real runs against the simulated site: all, or those that are
 * named. Run it when a workflow is new or goes another way on purpose, and move the ones before to a folder of their
 * own (docs/running.md).
 */
async function main(names: string[]): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const wanted = names.length === 0 ? Object.keys(scenarios) : names;
  const servers = await startTestServers(say);
  const world = generateWorld({ seed: 5, spaces: 2, pagesPerSpace: 5, bodyBytes: 200 });
  const harness = await createSyncHarness({ world });
  try {
    for (const name of wanted) {
      const scenario = scenarios[name];
      if (scenario === undefined) throw new Error(`No scenario "${name}": ${Object.keys(scenarios)}.`);
      const connection = await harness.connect({ world });
      await storeHistory(harness.temporal.client.workflow, name, await scenario(harness, connection));
      say(`Recorded ${name}.`);
      harness.sandbox.context.faults.clear();
      await harness.database.db.deleteFrom('rate_limits').execute();
    }
  } finally {
    await harness.close();
    await servers.stop();
  }
}

await main(process.argv.slice(2));
