import { Router, type Request, type Response } from 'express';
import { Conflict, InvalidInput } from '../../errors.ts';
import { findSiteGroups } from '../../store/site-groups.ts';
import { countVisitorReach } from '../../store/visitor-reach.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import {
  confirmAdministratorsScreen,
  confirmVisitorsScreen,
} from '../../web/screens/connection/permissions-confirm.ts';
import { permissionsScreen } from '../../web/screens/connection/permissions.ts';
import type { ReadingValues } from '../../web/screens/connection/permissions-reading.ts';
import { csrfToken } from '../security/csrf.ts';
import { usualComparedPairs } from '../../store/permission-comparison.ts';
import { usualPermissionMinutes } from '../../store/permission-overview.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { formText, goOn, pathPart, queryText, show, type PageParts } from './page.ts';

/** Groups that the picker lists at a time. */
const listed = 20;

/** How a connection's permissions are read, and what the groups of its site mean here. */
export function connectionPermissionPages(parts: PageParts): Router {
  const { db, services, now } = parts;
  const settings = services.permissionSettings;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
  const base = (id: string) => `/connections/${id}/permissions`;

  const render = async (
    req: Request,
    res: Response,
    connection: ConnectionView,
    form: { values: ReadingValues; errors: FieldErrors },
    status = 200,
  ) => {
    const named = (queryText(req, 'group') ?? '').trim().slice(0, 200).replaceAll('\0', '');
    const { groupRoles = {}, audiences = {} } = connection.settings.permissions ?? {};
    const ids = [...new Set([...Object.keys(groupRoles), ...Object.values(audiences).flat()])];
    const [mapped, groups] = await Promise.all([
      findSiteGroups(db, connection.id, { ids }),
      findSiteGroups(db, connection.id, { named, limit: listed + 1 }),
    ]);
    res.vary('HX-Request');
    const screen = permissionsScreen({
      csrfToken: csrfToken(req),
      connection,
      mapped: new Map(mapped.map((group) => [group.groupId, group])),
      picker: { named, groups: groups.slice(0, listed), more: groups.length > listed },
      ...form,
      now: now(),
    });
    show(parts, req, res, screen, status);
  };

  router.get('/connections/:id/permissions', async (req, res) => {
    const connection = await connectionOf(req);
    await render(req, res, connection, { values: storedValues(connection), errors: {} });
  });

  router.post('/connections/:id/permissions', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await connectionOf(req);
    const values: ReadingValues = {
      intervalMinutes: formText(req, 'intervalMinutes', 20),
      comparedPairs: formText(req, 'comparedPairs', 20),
      anonymousAccess: formText(req, 'anonymousAccess') === 'everyone' ? 'everyone' : 'members',
    };
    try {
      const opens =
        values.anonymousAccess === 'everyone' && storedValues(connection).anonymousAccess !== 'everyone';
      const input = readingOf(values);
      if (opens && formText(req, 'confirmed') !== 'yes') {
        const reach = await countVisitorReach(db, connection.id);
        const fields = { ...values };
        return show(
          parts,
          req,
          res,
          confirmVisitorsScreen({ csrfToken: csrfToken(req), connection, reach, fields }),
        );
      }
      await settings.saveReading(actor, connection.id, input);
      await goOn(req, res, base(connection.id), { ok: true, code: 'saved', message: 'Saved.' });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await render(req, res, connection, { values, errors: error.fields }, 422);
    }
  });

  router.post('/connections/:id/permissions/read', async (req, res) => {
    const actor = resolveAdministrator(req);
    const { id } = await connectionOf(req);
    await reply(req, res, base(id), async () => {
      await services.syncs.start(actor, id, { kind: 'permissions' });
      return 'The permission sync has started.';
    });
  });

  router.post('/connections/:id/permissions/roles', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await connectionOf(req);
    const groupId = formText(req, 'groupId', 200).replaceAll('\0', '');
    const role =
      (['administrator', 'member'] as const).find((each) => each === formText(req, 'role')) ?? null;
    const [group] = await findSiteGroups(db, connection.id, { ids: [groupId] });
    const already = connection.settings.permissions?.groupRoles?.[groupId];
    if (
      group !== undefined &&
      role === 'administrator' &&
      already !== role &&
      formText(req, 'confirmed') !== 'yes'
    ) {
      const fields = { groupId, role };
      const view = { csrfToken: csrfToken(req), connection, group, fields };
      return show(parts, req, res, confirmAdministratorsScreen(view));
    }
    await reply(req, res, `${base(connection.id)}#roles`, async () => {
      await settings.setGroupRole(actor, connection.id, groupId, role);
      const name = group?.name ?? groupId;
      if (role === null) return `${name} gives no role any more.`;
      return `Members of ${name} are ${role === 'member' ? 'members' : 'administrators'} of Sluice.`;
    });
  });

  /** What a button of an audience does; the words that follow. */
  const audience = (what: string, act: (req: Request, id: string, name: string) => Promise<string>): void => {
    router.post(`/connections/:id/permissions/audiences/${what}`, async (req, res) => {
      const { id } = await connectionOf(req);
      await reply(req, res, `${base(id)}#audiences`, () => act(req, id, formText(req, 'name', 200)));
    });
  };
  audience('join', async (req, id, name) => {
    await settings.addToAudience(resolveAdministrator(req), id, name, formText(req, 'groupId', 200));
    return `The group is in the audience ${name}.`;
  });
  audience('leave', async (req, id, name) => {
    await settings.removeFromAudience(resolveAdministrator(req), id, name, formText(req, 'groupId', 200));
    return `The group is taken out of ${name}.`;
  });
  audience('rename', async (req, id, name) => {
    const newName = formText(req, 'newName', 200);
    await settings.renameAudience(resolveAdministrator(req), id, name, newName);
    return `${name} is called ${newName} now.`;
  });
  audience('remove', async (req, id, name) => {
    await settings.removeAudience(resolveAdministrator(req), id, name);
    return `The audience ${name} is removed.`;
  });

  return router;
}

/** Does what a button asks for; a refusal of its one field, or of the state of things, is told on the same page. */
async function reply(req: Request, res: Response, path: string, act: () => Promise<string>): Promise<void> {
  try {
    await goOn(req, res, path, { ok: true, code: 'saved', message: await act() });
  } catch (error) {
    if (!(error instanceof Conflict) && !(error instanceof InvalidInput)) throw error;
    await goOn(req, res, path, { ok: false, code: error.code, message: error.message });
  }
}

function storedValues({ settings: { permissions } }: ConnectionView): ReadingValues {
  return {
    intervalMinutes: String(permissions?.intervalMinutes ?? usualPermissionMinutes),
    comparedPairs: String(permissions?.comparedPairs ?? usualComparedPairs),
    anonymousAccess: permissions?.anonymousAccess ?? 'members',
  };
}

/** @throws InvalidInput naming the field as the form has it */
function readingOf({ intervalMinutes, comparedPairs, anonymousAccess }: ReadingValues) {
  const errors: Record<string, string> = {};
  const whole = (name: string, text: string, least: number, most: number, words: string): number => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most) errors[name] = words;
    return value;
  };
  const minutes = 'Give the interval as a whole number of minutes, 5 to 10,080 (a week).';
  const values = {
    intervalMinutes: whole('intervalMinutes', intervalMinutes, 5, 10_080, minutes),
    comparedPairs: whole(
      'comparedPairs',
      comparedPairs,
      0,
      2_000,
      'Give a whole number of pairs, 0 to 2,000.',
    ),
    anonymousAccess,
  };
  if (Object.keys(errors).length > 0) throw new InvalidInput(errors);
  return values;
}
