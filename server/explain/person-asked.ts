import { InvalidInput } from '../../errors.ts';
import { foldEmail } from '../../store/fold-email.ts';
import type { Db } from '../../store/schema.ts';
import { findUserByEmail } from '../../store/users.ts';
import { auditDaily } from '../services/audit.ts';
import { Forbidden, type Viewer } from '../actor.ts';
import type { Person } from './describe.ts';

/**
 * The person that a question is about: the viewer, unless an administrator names somebody.
 * @throws Forbidden `administrators_only`, InvalidInput of `user`
 */
export async function personAsked(
  db: Db,
  viewer: Viewer,
  email: string | undefined,
  everything: boolean,
): Promise<Person> {
  if (email === undefined || foldEmail(email) === foldEmail(viewer.email)) return viewer;
  if (!everything) {
    throw new Forbidden('administrators_only', 'Only an administrator may ask about somebody else.');
  }
  const user = await findUserByEmail(db, email);
  if (user === undefined)
    throw new InvalidInput({ user: `There is no user of Sluice with the email ${email}.` });
  await auditDaily(db, viewer.actor, 'explain.person', user.email);
  return { userId: user.id, email: user.email };
}
