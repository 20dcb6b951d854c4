import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mostAtOnce, nextPace, startingPace, type Outcome, type Pace, type Sample } from './concurrency.ts';

const endpoint = 'GET /wiki/api/v2/pages';
const sample = (over: Partial<Sample> = {}): Sample => ({
  outcome: 'answered',
  endpoint,
  sentAt: 1_000,
  endedAt: 1_200,
  underWay: mostAtOnce,
  ...over,
});
/** Answers one after another, each so long. */
function answered(pace: Pace, times: number, over: Partial<Sample> = {}): Pace {
  let now = over.sentAt ?? 10_000;
  let next = pace;
  for (let each = 0; each < times; each += 1) {
    next = nextPace(next, sample({ sentAt: now, endedAt: now + 200, ...over }));
    now += 200;
  }
  return next;
}

test('a site that is well is asked as much at once as there are connections, from the start', () => {
  expect(startingPace().limit).toBe(mostAtOnce);
  expect(answered(startingPace(), 100).limit).toBe(mostAtOnce);
});

test.each<Outcome>(['refused', 'failed'])('one that is %s halves what is asked at once', (outcome) => {
  const first = nextPace(startingPace(), sample({ outcome }));
  expect(first.limit).toBe(mostAtOnce / 2);
  // What was under way beside it met the same trouble and tells nothing new.
  expect(nextPace(first, sample({ outcome, sentAt: 1_100, endedAt: 1_300 })).limit).toBe(mostAtOnce / 2);
  expect(nextPace(first, sample({ outcome, sentAt: 1_300, endedAt: 1_400 })).limit).toBe(mostAtOnce / 4);
});

test('never less than one is under way, and afterwards one more with each round that went well', () => {
  let pace = startingPace();
  for (let at = 0; at < 20; at += 1)
    pace = nextPace(pace, sample({ outcome: 'failed', sentAt: at * 10, endedAt: at * 10 + 5 }));
  expect(pace.limit).toBe(1);
  expect(answered(pace, 1, { underWay: 1 }).limit).toBe(2);
  const four = { ...pace, limit: 4 };
  expect(answered(four, 4, { underWay: 4 }).limit).toBeGreaterThan(4.9);
  // What is not used up need not grow.
  expect(answered(four, 50, { underWay: 1 }).limit).toBe(4);
});

test('answers that become slow lower it a little; those that are slow by nature do not', () => {
  const used = answered(startingPace(), 50);
  const slower = answered(used, 8, { sentAt: 30_000, endedAt: 33_000 });
  expect(slower.limit).toBeLessThan(mostAtOnce);
  expect(slower.limit).toBeGreaterThanOrEqual(mostAtOnce / 4);
  expect(answered(startingPace(), 50, { sentAt: 0, endedAt: 3_000 }).limit).toBe(mostAtOnce);
  // Thrice of little is little still.
  expect(answered(used, 8, { sentAt: 30_000, endedAt: 30_600 }).limit).toBe(mostAtOnce);
  // Each endpoint has its own usual time.
  expect(answered(used, 8, { endpoint: 'GET /other', sentAt: 30_000, endedAt: 33_000 }).limit).toBe(
    mostAtOnce,
  );
});

test('whatever happens, between one and the most are under way', () => {
  const step = fc.record({
    outcome: fc.constantFrom<Outcome>('answered', 'refused', 'failed'),
    sentAt: fc.nat(100_000),
    ms: fc.nat(120_000),
    underWay: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let pace = startingPace();
      for (const { ms, ...each } of steps) {
        pace = nextPace(pace, sample({ ...each, endedAt: each.sentAt + ms }));
        expect(pace.limit).toBeGreaterThanOrEqual(1);
        expect(pace.limit).toBeLessThanOrEqual(mostAtOnce);
      }
    }),
  );
});
