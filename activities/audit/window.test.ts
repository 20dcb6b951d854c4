import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConfluenceAuditRecord } from '../../atlassian/confluence/types.ts';
import { createDigests } from './digest.ts';
import { windowAfter, type AuditWindow } from './window.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');

/** Few different records, so that equal ones are many. */
function record(ms: number, what: number): ConfluenceAuditRecord {
  return {
    at: new Date(start + ms),
    author: { accountId: 'a', name: 'Ada' },
    remoteAddress: '',
    category: 'Permissions',
    summary: `Change ${what}`,
    description: '',
    object: { name: '', objectType: '' },
    associated: [],
    changed: [],
  };
}

interface Site {
  newestFirst: boolean;
  /** Its clock's grain, in milliseconds, to which it cuts the ends of a window. */
  grain: number;
  limit: number;
}

function answerOf(all: ConfluenceAuditRecord[], window: AuditWindow, { newestFirst, grain, limit }: Site) {
  const cut = (time: number) => Math.floor(time / grain) * grain;
  const within = all
    .filter(({ at }) => at.getTime() >= cut(window.from.getTime()))
    .filter(({ at }) => window.to === null || at.getTime() <= cut(window.to.getTime()))
    .sort((a, b) => (newestFirst ? -1 : 1) * (a.at.getTime() - b.at.getTime()));
  const from = Number(window.cursor ?? 0);
  const items = within.slice(from, from + limit);
  return { items, next: from + limit < within.length ? String(from + items.length) : null };
}

/** Reads as activities/audit/read.ts does, from the source's time `now` on, with `arrive` between two answers. */
function readAll(
  log: ConfluenceAuditRecord[],
  site: Site,
  now = start + 20_000,
  arrive: () => ConfluenceAuditRecord | undefined = () => undefined,
): string[] {
  const digests: string[] = [];
  let window: AuditWindow | null = { from: new Date(start), to: null, cursor: null };
  let digestOf = createDigests();
  for (let answers = 0; window !== null; answers += 1) {
    if (answers > 2_000) throw new Error('The windows lead nowhere.');
    const { items, next } = answerOf(log, window, site);
    if (window.cursor === null) digestOf = createDigests();
    digests.push(...items.map(digestOf));
    const serverTime = new Date(now);
    window = windowAfter(window, { times: items.map(({ at }) => at), next, serverTime });
    now = arrive()?.at.getTime() ?? now;
  }
  return digests;
}

const site = fc.record({
  newestFirst: fc.boolean(),
  grain: fc.constantFrom(1, 1_000),
  limit: fc.integer({ min: 1, max: 7 }),
});
/** At few moments, so that many are equal. */
const records = (from: number, to: number, apart = 250, minLength = 0) =>
  fc
    .array(
      fc.tuple(fc.integer({ min: 0, max: Math.floor((to - from) / apart) }), fc.integer({ min: 0, max: 2 })),
      { minLength, maxLength: 60 },
    )
    .map((all) => all.map(([step, what]) => record(from + step * apart, what)));

test('each record is read, and two that are equal are two, however the site cuts and sorts its answers', () => {
  fc.assert(
    fc.property(site, records(0, 4_000), (how, log) => {
      expect(new Set(readAll(log, how)).size).toBe(log.length);
    }),
  );
});

test('a log that is read again brings nothing new', () => {
  fc.assert(
    fc.property(site, site, records(0, 4_000), (how, later, log) => {
      const digests = new Set([...readAll(log, how), ...readAll(log, later)]);
      expect(digests.size).toBe(log.length);
    }),
  );
});

test('records that arrive while the log is read push none out and double none; the next reading brings them all', () => {
  fc.assert(
    fc.property(site, records(0, 4_000), records(5_000, 9_000), (how, log, coming) => {
      const before = log.length;
      const all = [...log];
      const queue = [...coming].sort((a, b) => a.at.getTime() - b.at.getTime());
      const digests = new Set(
        readAll(all, how, start + 4_500, () => {
          const next = queue.shift();
          if (next !== undefined) all.push(next);
          return next;
        }),
      );
      expect(digests.size).toBeGreaterThanOrEqual(before);
      expect(digests.size).toBeLessThanOrEqual(all.length);
      all.push(...queue);
      for (const digest of readAll(all, how)) digests.add(digest);
      expect(digests.size).toBe(all.length);
    }),
  );
});

test('nor do records that appear late, below what was read, where no second fills an answer', () => {
  const large = site.map((how) => ({ ...how, limit: how.limit + 20 }));
  fc.assert(
    fc.property(large, records(0, 40_000, 2_000, 50), records(0, 40_000, 10_000, 5), (how, log, late) => {
      const all = [...log];
      const coming = late.slice(0, 5);
      const queue = [...coming];
      const digests = new Set(
        readAll(all, how, start + 60_000, () => {
          const next = queue.shift();
          if (next !== undefined) all.push(next);
          return undefined;
        }),
      );
      all.push(...queue);
      for (const digest of readAll(all, how, start + 60_000)) digests.add(digest);
      expect(digests.size).toBe(log.length + coming.length);
    }),
  );
});

test('an author whose shown name changed makes no second record', () => {
  const one = record(0, 1);
  const renamed = { ...one, author: { accountId: 'a', name: 'Ada Lindqvist' } };
  expect(createDigests()(renamed)).toBe(createDigests()(one));
  const nameless = { ...one, author: { accountId: null, name: 'Ada' } };
  expect(createDigests()(nameless)).not.toBe(createDigests()(one));
});
