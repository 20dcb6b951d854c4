import type { Mutation } from './mutation.ts';

/** Mistakes by which records would be lost, stay when they are gone, or a site be asked more than it allows. */
export const upkeep: readonly Mutation[] = [
  {
    name: 'one absence alone removes',
    file: 'activities/removal/verdict.ts',
    search: "const isProof = standing !== 'unlisted' || evidence !== 'unanswered';",
    replace: 'const isProof = true;',
    tests: ['activities/removal/verdict.test.ts'],
  },
  {
    name: 'what is there by its id is removed all the same',
    file: 'activities/removal/verdict.ts',
    search: "return ofSpace === undefined ? { is: 'there' } : { is: 'gone', cause: ofSpace };",
    replace: "return { is: 'gone', cause: ofSpace ?? 'not_shown' };",
    tests: ['activities/removal/verdict.test.ts'],
  },
  {
    name: 'much at once is removed without a question',
    file: 'activities/removal/brake.ts',
    search: 'return found >= askFrom && found * 100 > total * askAbovePercent;',
    replace: 'return false;',
    tests: ['activities/removal/brake.test.ts'],
  },
  {
    name: 'a sweep goes on with another credential',
    file: 'store/sweep-parts.ts',
    search: 'and p.began_at > now() - ${oldest}::interval and p.credential_version = c.credential_version',
    replace: 'and p.began_at > now() - ${oldest}::interval',
    tests: ['test/sync/sweep-faults.test.ts'],
  },
  {
    name: 'a checkpoint in the future is believed',
    file: 'activities/changes/reach.ts',
    search: 'return checkpoint.getTime() <= serverTime.getTime() + clockToleranceMs;',
    replace: 'return true;',
    tests: ['activities/changes/reach.test.ts'],
  },
  {
    name: 'a feed ends at its checkpoint, without an overlap',
    file: 'activities/changes/reach.ts',
    search: 'const until = checkpoint.getTime() - overlapMs;',
    replace: 'const until = checkpoint.getTime();',
    tests: ['activities/changes/reach.test.ts', 'test/sync/changes-clocks.test.ts'],
  },
  {
    name: 'a connection takes what is kept for the others',
    file: 'store/fair-share.ts',
    search: "return spent + cost + keptForOthers(sharing) > usable ? 'kept' : null;",
    replace: 'return null;',
    tests: ['store/fair-share.test.ts'],
  },
  {
    name: 'content takes what permissions are read with',
    file: 'store/fair-share.ts',
    search: "if (spent > 0 && spent + cost > usable - keptForPermissions(sharing)) return 'permissions';",
    replace: '',
    tests: ['store/fair-share.test.ts'],
  },
  {
    name: 'a paused connection goes on being read',
    file: 'activities/steering/standing.ts',
    search: "if (status === 'paused') return { is: 'rest', why: 'paused', until: null };",
    replace: '',
    tests: ['activities/steering/standing.test.ts'],
  },
  {
    name: 'a dead credential is asked with again',
    file: 'activities/steering/standing.ts',
    search: "if (status === 'needs_reauth') {",
    replace: 'if (false as boolean) {',
    tests: ['activities/steering/standing.test.ts'],
  },
  {
    name: 'waits for limits count as failures',
    file: 'activities/failures.ts',
    search: 'return !(error instanceof RateLimited) || error instanceof EndpointFailing;',
    replace: 'return true;',
    tests: ['activities/failures.test.ts'],
  },
  {
    name: 'the books are never looked at',
    file: 'store/run-balance.ts',
    search: "if (off > 0) found.push(`${were(off, 'item')} seen and not accounted for`);",
    replace: '',
    tests: ['activities/closing/close-run.test.ts'],
  },
];
