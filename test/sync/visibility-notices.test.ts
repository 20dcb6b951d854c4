import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { everyLayer } from '../oracle/every-layer.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { leaksOf } from './differences.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: everyLayer().world });
});
afterAll(() => harness.close());

/** Answers that are bent on their way, so that Sluice believes what a mistaken reading would have made of them. */
const lies: [belief: string, path: string, pattern: string, replacement: string][] = [
  [
    'that no restriction names a person',
    '/content/search',
    '"user":\\{"results":\\[[^\\]]*\\],("start":\\d+,"limit":\\d+),"size":\\d+',
    '"user":{"results":[],$1,"size":0',
  ],
  [
    'that no restriction names a group',
    '/content/search',
    '"group":\\{"results":\\[[^\\]]*\\],("start":\\d+,"limit":\\d+),"size":\\d+',
    '"group":{"results":[],$1,"size":0',
  ],
  ['that everything stands on top', '/(pages|folders|databases)', '"parentId":"[^"]*"', '"parentId":null'],
  ['that a team is everybody', '/spaces/\\d+/permissions', '"id":"grp-1"', '"id":"grp-0"'],
  ['that whoever may export may view', '/spaces/\\d+/permissions', '"key":"export"', '"key":"read"'],
  ['that nobody has left', '/users-bulk', '"accountStatus":"inactive"', '"accountStatus":"active"'],
  ['that somebody is in a group', '/membersByGroupId', '"accountId":"acc-0"', '"accountId":"acc-1"'],
];

test.each(lies)('a product that believes %s would not pass', async (_, path, pattern, replacement) => {
  const { connection, differences } = await openCompany(harness, everyLayer());
  harness.sandbox.context.faults.add({ match: { path }, action: { kind: 'rewrite', pattern, replacement } });
  await connection.sync();
  expect(leaksOf(await differences())).not.toEqual([]);
});
