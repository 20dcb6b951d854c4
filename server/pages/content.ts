import { Router, type Request, type Response } from 'express';
import { InvalidInput, SluiceError } from '../../errors.ts';
import type { ContentPreview } from '../services/content-rules.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import type { ContentFormValues } from '../../web/screens/connection/content-values.ts';
import { contentScreen, type FoundPage } from '../../web/screens/connection/content.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator, resolveViewer } from '../viewer.ts';
import type { SavedSettingsView } from '../views.ts';
import { contentFrom, postedContent, storedContent } from './content-form.ts';
import { formText, goOn, pathPart, show, type PageParts } from './page.ts';

/** What of a page becomes its record: the form, and what it would make of one page. */
export function contentPages(parts: PageParts): Router {
  const { services } = parts;
  const router = Router();

  const scene = async (req: Request) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    return { actor, connection, used: await services.contentRules.macros(actor, connection.id) };
  };
  type Scene = Awaited<ReturnType<typeof scene>>;

  const render = (
    req: Request,
    res: Response,
    { connection, used }: Scene,
    values: ContentFormValues,
    extra: {
      errors?: FieldErrors;
      choices?: FoundPage[];
      preview?: ContentPreview;
      status?: number;
    } = {},
  ) => {
    const { errors = {}, choices = [], preview = null, status = 200 } = extra;
    res.setHeader('cache-control', 'private, no-store');
    const view = { csrfToken: csrfToken(req), connection, used, values, errors, choices, preview };
    show(parts, req, res, contentScreen(view), status);
  };

  router.get('/connections/:id/content', async (req, res) => {
    const found = await scene(req);
    render(req, res, found, storedContent(found.connection, found.used.macros));
  });

  router.post('/connections/:id/content', async (req, res) => {
    const found = await scene(req);
    const { actor, connection } = found;
    const values = postedContent(req, found.used.macros);
    let saved: SavedSettingsView;
    try {
      const content = contentFrom(values);
      const expectedVersion = /^\d{1,9}$/.test(values.version) ? Number(values.version) : undefined;
      const settings = { ...connection.settings, content };
      saved = await services.connections.updateSettings(actor, connection.id, settings, {
        expectedVersion,
        sync: true,
      });
    } catch (error) {
      if (error instanceof InvalidInput)
        return render(req, res, found, values, { errors: error.fields, status: 422 });
      if (!(error instanceof SluiceError) || error.code !== 'settings_changed') throw error;
      // What was typed stays, and is stored by the next try: whoever saves then has been told.
      const told = `${error.message} What you entered is below and is not saved yet.`;
      const again = { ...values, version: String(connection.settingsVersion) };
      return render(req, res, found, again, { errors: { macrosDefault: told }, status: 422 });
    }
    const message = savedWords(connection.configuredAt === null, saved);
    await goOn(req, res, `/connections/${connection.id}/content`, { ok: true, code: 'saved', message });
  });

  router.post('/connections/:id/content/preview', async (req, res) => {
    const found = await scene(req);
    const { actor, connection } = found;
    const viewer = resolveViewer(req);
    const values = postedContent(req, found.used.macros);
    try {
      const content = contentFrom(values);
      const chosen = formText(req, 'recordId', 40);
      if (chosen === '' && values.item === '')
        throw new InvalidInput({ item: 'Name a page: its title, id or address.' });
      const pages =
        chosen === '' ? await services.contentRules.find(actor, viewer, connection.id, values.item) : [];
      if (pages.length > 1) return render(req, res, found, values, { choices: pages });
      const recordId = chosen === '' ? pages[0]?.id : chosen;
      if (recordId === undefined) throw new InvalidInput({ item: notFound });
      const preview = await services.contentRules
        .preview(actor, viewer, connection.id, { recordId, content })
        .catch((error: unknown) => {
          throw error instanceof SluiceError && error.code === 'not_found'
            ? new InvalidInput({ item: notFound })
            : error;
        });
      const url = parts.browserUrl(preview.record.url);
      render(req, res, found, values, { preview: { ...preview, record: { ...preview.record, url } } });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      // The form has no input for the id of a record.
      const { recordId, ...others } = error.fields;
      const errors = recordId === undefined ? others : { ...others, item: recordId };
      render(req, res, found, values, { errors, status: 422 });
    }
  });

  return router;
}

/** The same for what is not there and for what may not be seen. */
const notFound =
  'No page that you may see is called so here, or has this id or address. Pages appear after the first sync; ask for one that you may open in Atlassian.';

function savedWords(first: boolean, { scopeChanged, startedSync }: SavedSettingsView): string {
  if (first) return 'The set-up is complete. Start the first sync with “Sync now”.';
  if (startedSync !== null) return 'Saved. A sync has started: it renders what is stored anew.';
  return scopeChanged ? 'Saved. The sync under way, or the next one, renders what is stored anew.' : 'Saved.';
}
