import type { Person } from '../../sandbox/world/types.ts';
import type { Truth } from './truth.ts';

/**
 * The account that a person with this verified email is known to be, or null for nobody. A proof outranks the email;
 * an email tells of somebody only where it is shown, one person's alone, nobody else's by proof, and the same as when
 * it was first read. Apps and customers of a portal are nobody here.
 */
export function accountOf(truth: Truth, email: string): string | null {
  const proof = truth.people.find((person) => isProven(truth, person) && has(person, email));
  if (proof !== undefined) return proof.accountId;
  const holders = truth.people.filter(
    (person) => person.type === 'atlassian' && person.emailVisible && has(person, email),
  );
  const [holder] = holders;
  if (holder === undefined || holders.length > 1 || isProven(truth, holder)) return null;
  const first = truth.firstEmails?.[holder.accountId];
  return first === undefined || has(holder, first) ? holder.accountId : null;
}

function isProven(truth: Truth, { accountId }: Person): boolean {
  return truth.proven?.includes(accountId) === true;
}

function has(person: Person, email: string): boolean {
  return person.email.toLowerCase() === email.toLowerCase();
}
