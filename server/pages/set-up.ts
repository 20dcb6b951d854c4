import { Router, type Request, type Response } from 'express';
import { InvalidInput } from '../../errors.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { authorizeScreen } from '../../web/screens/connection/authorize.ts';
import { configureScreen, type ConfigureValues } from '../../web/screens/connection/configure.ts';
import { csrfToken } from '../security/csrf.ts';
import type { Settings } from '../settings.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { draftOf, dropDraft, keepDraft } from './drafts.ts';
import { formText, goOn, pathPart, show, type PageParts } from './page.ts';

const names = ['strategy', 'intervalMinutes'] as const;
const usualInterval = 60;

/** The second and third step of a connection's set-up. The consent itself is server/oauth's. */
export function setUpPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));

  router.get('/connections/:id/authorize', async (req, res) => {
    const connection = await connectionOf(req);
    const found = req.session.tests?.[connection.id];
    const test = found === undefined ? null : { ...found, at: new Date(found.at) };
    show(parts, req, res, authorizeScreen({ csrfToken: csrfToken(req), connection, test, now: now() }));
  });

  router.post('/connections/:id/test', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const { ok, checks } = await services.connections.test(actor, id);
    req.session.tests = { [id]: { at: now().toISOString(), ok, checks } };
    const message = ok ? 'Every check is ok.' : 'Not every check is ok: each line below says what to do.';
    await goOn(req, res, `/connections/${id}/authorize`, { ok, code: 'tested', message });
  });

  const renderConfigure = (
    req: Request,
    res: Response,
    connection: ConnectionView,
    values: ConfigureValues,
    extra: { errors?: FieldErrors; isDraft?: boolean; status?: number } = {},
  ) => {
    const { errors = {}, isDraft = false, status = 200 } = extra;
    const view = { csrfToken: csrfToken(req), connection, values, errors, isDraft };
    show(parts, req, res, configureScreen(view), status);
  };

  router.get('/connections/:id/configure', async (req, res) => {
    const connection = await connectionOf(req);
    const draft = draftOf(req, `${connection.id}/configure`);
    const values = draft === null ? storedValues(connection) : valuesOf(draft);
    renderConfigure(req, res, connection, values, { isDraft: draft !== null });
  });

  router.post('/connections/:id/configure', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await connectionOf(req);
    const form = `${connection.id}/configure`;
    const values = valuesOf({
      strategy: formText(req, 'strategy'),
      intervalMinutes: formText(req, 'intervalMinutes'),
    });
    try {
      const settings = { ...connection.settings, sync: syncOf(values) };
      await services.connections.updateSettings(actor, connection.id, settings);
      dropDraft(req, form);
      const first = connection.configuredAt === null;
      const message = first ? 'The set-up is complete. Start the first sync with “Sync now”.' : 'Saved.';
      await goOn(req, res, `/connections/${connection.id}`, { ok: true, code: 'saved', message });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await keepDraft(req, form, names);
      renderConfigure(req, res, connection, values, { errors: ownFields(error), status: 422 });
    }
  });

  router.post('/connections/:id/configure/draft', async (req, res) => {
    await keepDraft(req, `${(await connectionOf(req)).id}/configure`, names);
    res.status(204).end();
  });

  router.post('/connections/:id/configure/draft/discard', async (req, res) => {
    const { id } = await connectionOf(req);
    dropDraft(req, `${id}/configure`);
    await goOn(req, res, `/connections/${id}/configure`);
  });

  return router;
}

function valuesOf(from: Record<string, string>): ConfigureValues {
  return {
    strategy: from['strategy'] === 'manual' ? 'manual' : 'scheduled',
    intervalMinutes: from['intervalMinutes'] ?? String(usualInterval),
  };
}

function storedValues({ settings: { sync } }: ConnectionView): ConfigureValues {
  return {
    strategy: sync?.strategy ?? 'scheduled',
    intervalMinutes: String(sync?.intervalMinutes ?? usualInterval),
  };
}

/** @throws InvalidInput naming the field as the form has it */
function syncOf({ strategy, intervalMinutes }: ConfigureValues): NonNullable<Settings['sync']> {
  if (strategy === 'manual') return { strategy };
  if (!/^\d{1,6}$/.test(intervalMinutes)) {
    throw new InvalidInput({
      intervalMinutes: 'Give the interval as a whole number of minutes, 5 to 10,080.',
    });
  }
  const minutes = Number(intervalMinutes);
  if (minutes < 5 || minutes > 10_080) {
    throw new InvalidInput({ intervalMinutes: 'The interval is 5 to 10,080 minutes (a week).' });
  }
  return { strategy, intervalMinutes: minutes };
}

function ownFields(error: InvalidInput): FieldErrors {
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, message]) => [name.replace(/^sync\./, ''), message]),
  );
}
