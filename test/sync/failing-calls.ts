import fc from 'fast-check';
import type { FaultRuleInput } from '../../sandbox/faults.ts';

/** Every call that tells who may see what, or where something is. */
export const callsOfAccess = [
  '/rest/api/group\\?.*accessType=user',
  '/rest/api/group\\?.*accessType=admin',
  '/membersByGroupId',
  '/users-bulk',
  '/search/user',
  '/content/search',
  '/restriction/byOperation/read',
  '/spaces/\\d+/permissions',
  '/space-role-mode',
  '/space-roles',
  '/role-assignments',
  '/folders/',
  '/whiteboards/',
  '/databases/',
] as const;

/** Ways in which a call fails: it is refused, is gone, breaks, is cut, never ends, or lacks its scope. */
const failures: FaultRuleInput['action'][] = [
  { kind: 'status', status: 403, body: { message: 'Forbidden' } },
  { kind: 'status', status: 404, body: { message: 'Not found' } },
  { kind: 'status', status: 401, body: { code: 401, message: 'Unauthorized; scope does not match' } },
  { kind: 'status', status: 500 },
  { kind: 'truncate' },
  { kind: 'drop' },
  { kind: 'login-page' },
];
const lasting = 3;

/**
 * A call that fails, for good (the first three ways, which a run goes on without) or a few times (which it repeats),
 * from its first time or later.
 */
export function randomFailure(): fc.Arbitrary<FaultRuleInput> {
  return fc
    .record({
      path: fc.constantFrom(...callsOfAccess),
      failure: fc.nat({ max: failures.length - 1 }),
      after: fc.nat({ max: 2 }),
    })
    .map(({ path, failure, after }) => ({
      match: { path },
      after,
      ...(failure < lasting ? {} : { times: 1 }),
      action: failures[failure] ?? { kind: 'drop' },
    }));
}
