import { Router, type Request, type Response } from 'express';
import { InvalidInput, SluiceError } from '../../errors.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { authorizeScreen } from '../../web/screens/connection/authorize.ts';
import {
  configureFields,
  configureScreen,
  type ConfigureValues,
} from '../../web/screens/connection/configure.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { settingsFrom, storedValues, valuesOf, zones } from './configure-form.ts';
import { draftOf, dropDraft, keepDraft } from './drafts.ts';
import { formText, goOn, pathPart, show, type PageParts } from './page.ts';

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
    const view = { csrfToken: csrfToken(req), connection, values, errors, isDraft, zones, now: now() };
    show(parts, req, res, configureScreen(view), status);
  };

  router.get('/connections/:id/configure', async (req, res) => {
    const connection = await connectionOf(req);
    const draft = draftOf(req, `${connection.id}/configure`);
    const values = draft === null ? storedValues(connection) : valuesOf(draft, connection);
    renderConfigure(req, res, connection, values, { isDraft: draft !== null });
  });

  router.post('/connections/:id/configure', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await connectionOf(req);
    const form = `${connection.id}/configure`;
    const posted = Object.fromEntries(configureFields.map((name) => [name, formText(req, name, 500)]));
    const values = valuesOf(posted, connection);
    const again = async (errors: FieldErrors, shown = values) => {
      await keepDraft(req, form, configureFields);
      renderConfigure(req, res, connection, shown, { errors, status: 422 });
    };
    try {
      const settings = settingsFrom(values, connection);
      const version = /^\d{1,9}$/.test(values.version) ? Number(values.version) : undefined;
      await services.connections.updateSettings(actor, connection.id, settings, { expectedVersion: version, sync: true });
    } catch (error) {
      if (error instanceof InvalidInput) return again(ownFields(error));
      if (!(error instanceof SluiceError) || error.code !== 'settings_changed') throw error;
      // What was typed stays, and is stored by the next try: whoever saves then has been told.
      const told = `${error.message} What you entered is below and is not saved yet.`;
      return again({ strategy: told }, { ...values, version: String(connection.settingsVersion) });
    }
    dropDraft(req, form);
    const underWay = connection.currentRun !== null && connection.currentRun.kind !== 'permissions';
    const message =
      connection.configuredAt === null
        ? 'The set-up is complete. Start the first sync with “Sync now”.'
        : underWay
          ? 'Saved. The sync under way takes it over after its current batch.'
          : 'Saved.';
    await goOn(req, res, `/connections/${connection.id}`, { ok: true, code: 'saved', message });
  });

  router.post('/connections/:id/configure/draft', async (req, res) => {
    await keepDraft(req, `${(await connectionOf(req)).id}/configure`, configureFields);
    res.status(204).end();
  });

  router.post('/connections/:id/configure/draft/discard', async (req, res) => {
    const { id } = await connectionOf(req);
    dropDraft(req, `${id}/configure`);
    await goOn(req, res, `/connections/${id}/configure`);
  });

  return router;
}

/** Fields as the form names them. */
function ownFields(error: InvalidInput): FieldErrors {
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, message]) => [name.replace(/^sync\./, ''), message]),
  );
}
