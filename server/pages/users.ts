import { Router, type Request, type Response } from 'express';
import { Conflict, InvalidInput } from '../../errors.ts';
import { usersScreen, type UsersView } from '../../web/screens/settings/users.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formSecret, formText, goOn, pathPart, queryText, show, type PageParts } from './page.ts';

const path = '/settings/users';

/** People who use Sluice: adding one is vouching for the email. */
export function userPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  const render = async (
    req: Request,
    res: Response,
    values: UsersView['values'],
    errors: UsersView['errors'],
    status: number,
  ) => {
    const actor = resolveAdministrator(req);
    const { items, nextCursor } = await services.users.list(actor, {
      cursor: queryText(req, 'cursor'),
      limit: 100,
    });
    const view = { users: items, nextCursor, ownId: actor.userId, values, errors, now: now() };
    show(parts, req, res, usersScreen({ csrfToken: csrfToken(req), ...view }), status);
  };

  router.get(path, (req, res) => render(req, res, { email: '', name: '', role: 'member' }, {}, 200));

  router.post(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const values: UsersView['values'] = {
      email: formText(req, 'email', 320),
      name: formText(req, 'name', 200),
      role: formText(req, 'role') === 'administrator' ? 'administrator' : 'member',
    };
    const password = formSecret(req, 'password');
    try {
      const user = await services.users.create(actor, {
        ...values,
        ...(password === '' ? {} : { password }),
      });
      const who = user.name || user.email;
      const message =
        password === ''
          ? `${who} is added. Make a link for a password below, or let this person sign in with Atlassian.`
          : `${who} is added.`;
      const to = password === '' ? `${path}/${user.id}` : path;
      await goOn(req, res, to, { ok: true, code: 'added', message });
    } catch (error) {
      const errors = error instanceof InvalidInput ? error.fields : conflictAt(error);
      await render(req, res, values, errors, 422);
    }
  });

  router.post(`${path}/:id/role`, (req, res) =>
    attempt(req, res, path, async () => {
      const role = formText(req, 'role') === 'administrator' ? 'administrator' : 'member';
      const user = await services.users.setRole(resolveAdministrator(req), pathPart(req, 'id'), role);
      const what = role === 'member' ? 'a member' : 'an administrator';
      return { code: 'role_changed', message: `${user.name || user.email} is ${what} now.` };
    }),
  );

  router.post(`${path}/:id/active`, (req, res) =>
    attempt(req, res, path, async () => {
      const active = formText(req, 'active') === 'yes';
      const user = await services.users.setActive(resolveAdministrator(req), pathPart(req, 'id'), active);
      const what = active ? 'may sign in again.' : 'is deactivated: sessions and keys ended at once.';
      return { code: 'active_changed', message: `${user.name || user.email} ${what}` };
    }),
  );

  return router;
}

/** An email that is taken is a fault of the field, not of the page. */
function conflictAt(error: unknown): Record<string, string> {
  if (error instanceof Conflict) return { email: error.message };
  throw error;
}
