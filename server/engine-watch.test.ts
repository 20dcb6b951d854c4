import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '../log.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { watchEngine, type EngineWatch } from './engine-watch.ts';

let database: TestDatabase;
let watch: EngineWatch;
let ok = true;
let looks = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  watch = watchEngine({
    db: database.db,
    engine: {
      health: async () => ({ ok, message: '' }),
      noticeStuckRuns: async () => {
        looks += 1;
      },
    },
    log: createLogger('silent'),
  });
});
afterEach(() => {
  ok = true;
});
afterAll(async () => {
  await watch.stop();
  await database.close();
});

const notices = () =>
  database.db.selectFrom('notices').select(['code', 'severity', 'message', 'ended_at']).execute();

test('an engine that stays away is told of once, and no more when it is back', async () => {
  ok = false;
  await watch.look();
  expect(await notices()).toEqual([]);
  await watch.look();
  await watch.look();
  expect(await notices()).toEqual([
    {
      code: 'engine_away',
      severity: 'error',
      message: expect.stringContaining('nothing is lost'),
      ended_at: null,
    },
  ]);
  ok = true;
  await watch.look();
  expect(await notices()).toMatchObject([{ code: 'engine_away', ended_at: expect.any(Date) }]);
});

test('runs are looked after where the engine answers, and only there', async () => {
  const before = looks;
  ok = false;
  await watch.look();
  expect(looks).toBe(before);
  ok = true;
  await watch.look();
  expect(looks).toBe(before + 1);
});
