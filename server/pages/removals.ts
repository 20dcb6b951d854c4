import { Router, type Request } from 'express';
import { NotFound } from '../../errors.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { removeScreen } from '../../web/screens/connection/removed-confirm.ts';
import { removedScreen } from '../../web/screens/connection/removed.ts';
import { csrfToken } from '../security/csrf.ts';
import { removalCauses } from '../services/removal-words.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, pathPart, queryText, show, type PageParts } from './page.ts';

/** What was removed and why, and the question before much is removed at once. */
export function removalPages(parts: PageParts): Router {
  const { services, now, browserUrl } = parts;
  const router = Router();
  const inBrowser = <T extends { url: string }>(items: T[]): T[] =>
    items.map((one) => ({ ...one, url: one.url === '' ? '' : browserUrl(one.url) }));

  router.get('/connections/:id/runs/removed', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const cause = removalCauses.find((known) => known === queryText(req, 'cause')) ?? null;
    const q = (queryText(req, 'q') ?? '').trim();
    const [brakes, page] = await Promise.all([
      services.removals.brakes(actor, connection.id),
      services.removals.list(actor, connection.id, {
        cause: cause ?? undefined,
        q,
        cursor: queryText(req, 'cursor'),
        limit: 50,
      }),
    ]);
    show(
      parts,
      req,
      res,
      removedScreen({
        csrfToken: csrfToken(req),
        connection,
        brakes: brakes.map((one) => ({ ...one, sample: inBrowser(one.sample) })),
        cause,
        q,
        removals: { ...page, items: inBrowser(page.items) },
        now: now(),
      }),
    );
  });

  router.post('/connections/:id/runs/removed/:brake/keep', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    await attempt(req, res, `/connections/${id}/runs/removed`, async () => {
      const { brake } = await services.removals.decide(actor, id, pathPart(req, 'brake'), 'keep');
      const message = `What is missing of ${brake.name} stays hidden, and is shown when it is there again.`;
      return { code: 'kept', message };
    });
  });

  router.get('/connections/:id/runs/removed/:brake/remove', async (req, res) => {
    show(parts, req, res, await question(req, {}));
  });

  router.post('/connections/:id/runs/removed/:brake/remove', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const { name } = await brakeOf(req);
    if (formText(req, 'confirmation') !== name.trim()) {
      const errors = { confirmation: `Type the name exactly: ${name}` };
      return show(parts, req, res, await question(req, errors), 422);
    }
    await attempt(req, res, `/connections/${id}/runs/removed`, async () => {
      const { run } = await services.removals.decide(actor, id, pathPart(req, 'brake'), 'remove');
      const message =
        run === null
          ? 'It is removed at the end of the sync that is under way, or of the next one.'
          : 'A sync has started that removes it. What has shown up again meanwhile stays.';
      return { code: 'removing', message };
    });
  });

  async function brakeOf(req: Request) {
    const brakes = await services.removals.brakes(resolveAdministrator(req), pathPart(req, 'id'));
    const brake = brakes.find(({ id }) => id === pathPart(req, 'brake'));
    if (brake === undefined) throw new NotFound('This question');
    return brake;
  }

  async function question(req: Request, errors: FieldErrors) {
    const connection = await services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
    return removeScreen({ csrfToken: csrfToken(req), connection, brake: await brakeOf(req), errors });
  }

  return router;
}
