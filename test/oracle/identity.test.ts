import { expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import type { Person } from '../../sandbox/world/types.ts';
import { accountOf } from './identity.ts';
import type { Truth } from './truth.ts';

const { mia, noah } = SMALL;
const email = 'mia@acme.example';

/** The small world with changed people. */
function company(changes: Record<string, Partial<Person>>, more: Partial<Truth> = {}): Truth {
  const world = createSmallWorld(more);
  for (const person of world.people)
    Object.assign(person, { emailVisible: true }, changes[person.accountId] ?? {});
  return { ...world, ...more };
}

test.each<[rule: string, truth: Truth, account: string | null]>([
  ['a visible email is its account’s', company({}), mia],
  ['in whatever case', company({ [mia]: { email: 'MIA@acme.example' } }), mia],
  ['a hidden email is nobody’s', company({ [mia]: { emailVisible: false } }), null],
  ['an email of two is nobody’s', company({ [noah]: { email } }), null],
  ['of two, one hidden, it is the other’s', company({ [noah]: { email, emailVisible: false } }), mia],
  ['an app is nobody', company({ [mia]: { type: 'app' } }), null],
  ['an app with a person’s email takes nothing away', company({ [noah]: { email, type: 'app' } }), mia],
  ['a proof outranks hiding', company({ [mia]: { emailVisible: false } }, { proven: [mia] }), mia],
  ['a proof outranks ambiguity', company({ [noah]: { email } }, { proven: [noah] }), noah],
  ['an email that has changed is nobody’s', company({}, { firstEmails: { [mia]: 'x@acme.example' } }), null],
  ['an email that is as it was is', company({}, { firstEmails: { [mia]: 'Mia@acme.example' } }), mia],
])('%s', (_, truth, account) => {
  expect(accountOf(truth, email)).toBe(account);
});
