import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockToleranceMs, isPossible, overlapMs, reachesBack } from './reach.ts';

const minute = 60_000;
const zero = Date.parse('2026-03-29T00:00:00Z');
/** Times within three days, often several in one minute, and around the hour that a clock skips. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 3 * 24 * 60 }), fc.constantFrom(0, 0, 1, 999, 30_000, 59_999))
  .map(([minutes, ms]) => new Date(zero + minutes * minute + ms));

/** What a walk in batches reads of items, newest first. */
function walk(items: { version: { createdAt: Date } }[], checkpoint: Date | null, sizes: number[]) {
  const read: typeof items = [];
  for (let at = 0; at < items.length;) {
    const batch = items.slice(at, at + (sizes.shift() ?? 5));
    read.push(...batch);
    if (reachesBack(batch, checkpoint)) break;
    at += batch.length;
  }
  return read;
}

test('whatever was changed since the checkpoint less the overlap is read, several changes of one minute and neighbours in another order included', () => {
  fc.assert(
    fc.property(
      fc.array(time, { maxLength: 60 }),
      fc.option(time),
      fc.array(fc.integer({ min: 3, max: 20 })),
      fc.array(fc.nat({ max: 60 })),
      (times, checkpoint, sizes, swaps) => {
        const items = times
          .map((createdAt) => ({ version: { createdAt } }))
          .sort((a, b) => b.version.createdAt.getTime() - a.version.createdAt.getTime());
        // Every second place at most changes with its neighbour.
        for (const at of new Set(swaps.map((place) => 2 * place)))
          if (at + 1 < items.length) items.splice(at, 2, ...items.slice(at, at + 2).toReversed());
        const owed = items.filter(
          ({ version }) =>
            checkpoint === null || version.createdAt.getTime() >= checkpoint.getTime() - overlapMs,
        );
        const read = new Set(walk(items, checkpoint, [...sizes]));
        expect(owed.filter((item) => !read.has(item))).toEqual([]);
      },
    ),
  );
});

test('an old item at the end of a batch that has changed places with the next one does not end the walk', () => {
  const at = (minutes: number) => ({ version: { createdAt: new Date(zero + minutes * minute) } });
  const checkpoint = new Date(zero + 20 * minute);
  const items = [at(30), at(29), at(5), at(28), at(4), at(3), at(2)];
  expect(walk(items, checkpoint, [3, 3, 3])).toContain(items[3]);
  expect(reachesBack([at(5), at(4), at(3)], checkpoint)).toBe(true);
});

test('the zone in which a time is written changes nothing', () => {
  fc.assert(
    fc.property(time, time, fc.integer({ min: -11 * 60, max: 14 * 60 }), (createdAt, checkpoint, zone) => {
      const sign = zone < 0 ? '-' : '+';
      const hours = String(Math.floor(Math.abs(zone) / 60)).padStart(2, '0');
      const minutes = String(Math.abs(zone) % 60).padStart(2, '0');
      const wall = new Date(createdAt.getTime() + zone * minute).toISOString().replace('Z', '');
      const told = new Date(`${wall}${sign}${hours}:${minutes}`);
      expect(reachesBack([{ version: { createdAt: told } }], checkpoint)).toBe(
        reachesBack([{ version: { createdAt } }], checkpoint),
      );
    }),
  );
});

test('a checkpoint ahead of the source by more than its servers may differ is not possible', () => {
  const now = new Date(zero);
  expect(isPossible(new Date(zero + clockToleranceMs), now)).toBe(true);
  expect(isPossible(new Date(zero + clockToleranceMs + 1), now)).toBe(false);
  expect(isPossible(new Date('2999-01-01T00:00:00Z'), now)).toBe(false);
});

test('a feed is read back ten minutes behind its checkpoint: what bears an earlier time may show up after it', () => {
  const checkpoint = new Date('2026-05-04T12:00:00Z');
  const minutesBefore = (minutes: number) => ({
    version: { createdAt: new Date(checkpoint.getTime() - minutes * 60_000) },
  });
  expect(reachesBack([1, 5, 9].map(minutesBefore), checkpoint)).toBe(false);
  expect(reachesBack([9, 9, 9].map(minutesBefore), checkpoint)).toBe(false);
  expect(reachesBack([9, 11, 11, 11].map(minutesBefore), checkpoint)).toBe(true);
});
