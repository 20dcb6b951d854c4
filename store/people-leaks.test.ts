import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import '../test/seed.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { forgetAccounts, saveAccounts } from './accounts.ts';
import { confirmEmails, linkAccounts, removeAdministratorsLink } from './people-links.ts';
import { linkAccount, unlinkAccount } from './users.ts';
import { loadPrincipals } from './viewer-access.ts';

/**
 * Emails that look alike. Only those that differ in the case of A to Z are the same one: no plus-address, no full-width
 * or dotted letter, no name of a host in its other spelling (IDN) is.
 */
const emails = [
  'mia@münchen.example',
  'MIA@münchen.EXAMPLE',
  'mia@MÜNCHEN.example',
  'mia@xn--mnchen-3ya.example',
  'mia+1@münchen.example',
  'mİa@münchen.example',
  'mıa@münchen.example',
  'ｍia@münchen.example',
  'mia@münchen.example.org',
];
const userEmails = [
  'Mia@münchen.example',
  'mia@xn--mnchen-3ya.example',
  'mia+1@münchen.example',
  'unverified@x.example',
];
const accountIds = ['a', 'b', 'c'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const account = fc.constantFrom(...accountIds);
const user = fc.nat(userEmails.length - 1);
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      account,
      email: fc.option(fc.constantFrom(...emails.slice(0, 3), ...emails, 'unverified@x.example'), {
        freq: 4,
      }),
      active: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
      /** Seconds by which the question is older than the newest. */
      late: fc.constantFrom(0, 0, 0, 5),
    }),
  },
  fc.record({ kind: fc.constant('forgotten' as const), account }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('confirm' as const), account }) },
  fc.record({
    kind: fc.constantFrom('prove' as const, 'vouch' as const, 'withdraw' as const),
    account,
    user,
  }),
);

/** What is true of an account, told without any database: the rule's second telling. */
interface Truth {
  email: string | null;
  active: boolean;
  /** The email that it is known by: the first one, or the last that was confirmed. */
  known: string | null;
  asked: number;
  proven: number | null;
  vouched: number | null;
}
const same = (one: string | null, other: string | null) => {
  const fold = (text: string) => [...text].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('');
  return one !== null && other !== null && fold(one) === fold(other);
};

function held(truths: Map<string, Truth>, who: number): Set<string> {
  const all = [...truths];
  const proofs = all.filter(([, truth]) => truth.proven === who);
  const vouched = all.filter(([, truth]) => truth.vouched === who);
  if (proofs.length + vouched.length > 0) {
    const living = proofs.filter(([, truth]) => truth.active);
    const counting = living.length > 0 ? living : vouched.filter(([, truth]) => truth.active);
    return new Set(counting.map(([id]) => id));
  }
  if (who === 3) return new Set();
  const namesakes = all.filter(([, truth]) => same(truth.email, userEmails[who] ?? ''));
  const [only] = namesakes;
  if (only === undefined || namesakes.length > 1) return new Set();
  const { active, email, known, proven, vouched: by } = only[1];
  return new Set(active && same(email, known) && proven === null && by === null ? [only[0]] : []);
}

test('whatever becomes of emails, nobody is ever taken for somebody else', async () => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const users = await Promise.all(
    userEmails.map((email, index) => makeUser(db, email, { email_verified: index !== 3 })),
  );
  let [leaks, hidden, byEmail] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
      await sql`delete from atlassian_accounts`.execute(db);
      await sql`delete from user_accounts`.execute(db);
      const truths = new Map<string, Truth>();
      let clock = 1_000;
      for (const one of events) {
        clock += 1;
        const truth = truths.get(one.account);
        const known: Truth = truth ?? {
          email: null,
          active: false,
          known: null,
          asked: 0,
          proven: null,
          vouched: null,
        };
        if (one.kind === 'read' || one.kind === 'forgotten') {
          const asked = clock - (one.kind === 'read' ? one.late : 0);
          const [email, active] = one.kind === 'read' ? [one.email, one.active] : [null, false];
          if (one.kind === 'forgotten')
            await forgetAccounts(db, connectionId, [one.account], new Date(asked * 1_000));
          else {
            const row = {
              accountId: one.account,
              displayName: '',
              email,
              accountType: 'atlassian',
              guest: false,
            };
            const status = active ? 'active' : 'inactive';
            await saveAccounts(
              db,
              connectionId,
              [{ ...row, accountStatus: status }],
              new Date(asked * 1_000),
            );
          }
          if (asked >= known.asked)
            truths.set(one.account, { ...known, email, active, known: known.known ?? email, asked });
        } else if (one.kind === 'confirm') {
          if (truth?.email !== null && truth?.email !== undefined) {
            await confirmEmails(db, [{ connectionId, accountId: one.account, email: truth.email }]);
            truth.known = truth.email;
          }
        } else if (truth !== undefined) {
          const userId = users[one.user] ?? '';
          const link = { userId, accountId: one.account };
          if (one.kind === 'withdraw') {
            await unlinkAccount(db, link);
            if (truth.proven === one.user) truth.proven = null;
            if (truth.vouched === one.user) truth.vouched = null;
          } else if (one.kind === 'vouch') {
            await linkAccounts(db, [link]);
            if (truth.proven === null) truth.vouched = one.user;
          } else {
            await removeAdministratorsLink(db, one.account, userId);
            await linkAccount(db, { ...link, source: 'grant' });
            truth.vouched = null;
            truth.proven ??= one.user;
          }
        }
        const answers = await Promise.all(
          users.map((userId) => loadPrincipals(db, { userId }, connectionId)),
        );
        for (const [who, answer] of answers.entries()) {
          const ours = new Set(answer.keys());
          const theirs = held(truths, who);
          leaks += [...ours].filter((id) => !theirs.has(id)).length;
          hidden += [...theirs].filter((id) => !ours.has(id)).length;
          byEmail += [...ours].filter(
            (id) => truths.get(id)?.proven === null && truths.get(id)?.vouched === null,
          ).length;
        }
        expect({ leaks, hidden }).toEqual({ leaks: 0, hidden: 0 });
      }
    }),
    { numRuns: 100 },
  );
  // Emails match often enough for a wrong match to have had its chance.
  expect(byEmail).toBeGreaterThan(60);
}, 120_000);
