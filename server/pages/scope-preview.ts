import { Router } from 'express';
import { InvalidInput } from '../../errors.ts';
import { scopePreviewScreen } from '../../web/screens/connection/scope-preview.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { settingsFrom, valuesOf } from './configure-form.ts';
import { postedConfigure } from './configure-posted.ts';
import { keepValues } from './drafts.ts';
import { goOn, pathPart, show, type PageParts } from './page.ts';

/** What the Configure Records form would change, between the form and its saving. */
export function scopePreviewPages(parts: PageParts): Router {
  const { services, browserUrl } = parts;
  const router = Router();
  const inBrowser = <T extends { url: string }>(items: T[]): T[] =>
    items.map((one) => ({ ...one, url: one.url === '' ? '' : browserUrl(one.url) }));

  router.post('/connections/:id/configure/preview', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const values = valuesOf(postedConfigure(req), connection);
    // Whoever goes back finds what was typed; saving drops it.
    await keepValues(req, `${connection.id}/configure`, values);
    try {
      const settings = settingsFrom(values, connection);
      const preview = await services.scopePreview.preview(actor, connection.id, settings);
      const { added, removed } = preview.samples;
      const samples = { added: inBrowser(added), removed: inBrowser(removed) };
      const view = { csrfToken: csrfToken(req), connection, preview: { ...preview, samples }, values };
      show(parts, req, res, scopePreviewScreen(view));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const message = `This cannot be compared yet. ${Object.values(error.fields).join(' ')}`;
      await goOn(req, res, `/connections/${connection.id}/configure`, {
        ok: false,
        code: 'invalid',
        message,
      });
    }
  });

  // A page that was posted, and opened again.
  router.get('/connections/:id/configure/preview', (req, res) => {
    res.redirect(303, `/connections/${pathPart(req, 'id')}/configure`);
  });
  return router;
}
