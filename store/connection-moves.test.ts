import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  afterEvent,
  connectionMoves,
  noCause,
  type ConnectionEvent,
  type StatusColumns,
} from './connection-moves.ts';

const events = Object.keys(connectionMoves) as ConnectionEvent[];
const bare = {
  status_cause: null,
  status_message: null,
  status_before: null,
  status_before_cause: null,
  status_before_message: null,
};
const active: StatusColumns = { status: 'active', ...bare };

/** What becomes of a connection by events; one that cannot happen ends the test. */
function after(
  start: StatusColumns,
  ...happened: ([ConnectionEvent, string] | ConnectionEvent)[]
): StatusColumns {
  return happened.reduce((row, one) => {
    const [event, cause] = typeof one === 'string' ? [one, null] : one;
    const next = afterEvent(row, event, cause === null ? noCause : { cause, message: `${cause} in words` });
    if (next === null) throw new Error(`${event} cannot happen in ${row.status}`);
    return next;
  }, start);
}

test('a connection that is paused by hand is paused again after a new consent', () => {
  const dead = after(active, 'paused', ['credential_dead', 'revoked']);
  expect(dead).toMatchObject({ status: 'needs_reauth', status_cause: 'revoked', status_before: 'paused' });
  expect(after(dead, 'authorized')).toEqual({ ...active, status: 'paused' });
});

test('a question outlasts a pause, and the answer while paused ends both', () => {
  const asked = after(active, ['asked', 'mass_deletion'], 'paused');
  expect(asked).toMatchObject({
    status: 'paused',
    status_before: 'attention',
    status_before_cause: 'mass_deletion',
  });
  expect(after(asked, 'resumed')).toMatchObject({ status: 'attention', status_cause: 'mass_deletion' });
  expect(after(asked, ['answered', 'mass_deletion'], 'resumed')).toEqual(active);
});

test('the answer to another question settles nothing', () => {
  const asked = after(active, ['asked', 'mass_deletion']);
  expect(after(asked, ['answered', 'something_else'])).toEqual(asked);
  expect(after(asked, ['answered', 'mass_deletion'])).toEqual(active);
});

test('what is disabled while it waits for a consent waits for it when it is enabled, unless it was given meanwhile', () => {
  const off = after(active, ['credential_dead', 'revoked'], 'disabled');
  expect(off).toMatchObject({ status: 'disabled', status_cause: null });
  expect(after(off, 'enabled')).toMatchObject({ status: 'needs_reauth', status_cause: 'revoked' });
  expect(after(off, 'authorized', 'enabled')).toEqual(active);
});

test('a disabled connection whose site or app is changed must be authorized when it is enabled', () => {
  expect(after(active, 'disabled', 'unauthorized', 'enabled')).toMatchObject({ status: 'draft' });
  expect(after(active, 'disabled', 'unauthorized', 'authorized', 'enabled')).toEqual(active);
});

test.each<[StatusColumns['status'], ConnectionEvent]>([
  ['draft', 'paused'],
  ['draft', 'credential_dead'],
  ['needs_reauth', 'paused'],
  ['disabled', 'resumed'],
  ['active', 'enabled'],
  ['active', 'resumed'],
  ['disconnecting', 'authorized'],
  ['disconnecting', 'enabled'],
])('of a connection that is %s, it cannot be said: %s', (status, event) => {
  expect(afterEvent({ ...active, status }, event, noCause)).toBeNull();
});

test('whatever happens, nothing leaves a deletion, and a state stands before no other than it says', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...events), fc.constantFrom(null, 'a', 'b'))),
      (happened) => {
        let row: StatusColumns = { ...active, status: 'draft' };
        for (const [event, cause] of happened) {
          const next = afterEvent(row, event, { cause, message: cause });
          if (next === null) continue;
          if (row.status === 'disconnecting') expect(next.status).toBe('disconnecting');
          if (next.status_before !== null) {
            expect(['needs_reauth', 'disabled', 'paused']).toContain(next.status);
            expect(next.status_before).not.toBe(next.status);
          }
          if (next.status === 'active') expect(next).toEqual(active);
          row = next;
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
