import { sql } from 'kysely';
import type { Db } from '../../store/schema.ts';
import { accountOf } from '../oracle/identity.ts';
import type { Company } from '../oracle/company.ts';

/** A person of Sluice, by the email that is verified here. */
export interface KnownUser {
  userId: string;
  email: string;
}

/** Whom no account has: sees what visitors see, if anything. */
const stranger = 'stranger@elsewhere.example';

/** One verified user for every email of the company, in capitals, a proof where it has one, and a stranger. */
export async function makeUsers(db: Db, { world, proven }: Company): Promise<KnownUser[]> {
  await sql`delete from users`.execute(db);
  const emails = [...new Set(world.people.map((person) => person.email.toLowerCase())), stranger];
  const rows = emails.map((email) => ({
    email: email.toUpperCase(),
    name: email,
    role: 'member' as const,
    email_verified: true,
  }));
  const users = await db.insertInto('users').values(rows).returning(['id as userId', 'email']).execute();
  const proofs = users.flatMap(({ userId, email }) => {
    const account_id = accountOf({ ...world, proven }, email);
    return account_id !== null && proven.includes(account_id)
      ? [{ user_id: userId, account_id, source: 'grant' as const }]
      : [];
  });
  if (proofs.length > 0) await db.insertInto('user_accounts').values(proofs).execute();
  return users;
}
