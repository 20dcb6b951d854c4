import { Router, type Request } from 'express';
import { diagnosisScreen } from '../../web/screens/settings/diagnosis.ts';
import { diagnosisText } from '../diagnosis/text.ts';
import { resolveAdministrator } from '../viewer.ts';
import { queryText, show, type PageParts } from './page.ts';

/** The diagnosis: asked for by a button, shown, and downloaded for a support ticket. */
export function diagnosisPages(parts: PageParts): Router {
  const { services, db, now } = parts;
  const router = Router();
  const run = (req: Request) =>
    services.diagnosis.run(resolveAdministrator(req), {
      connection: queryText(req, 'connection'),
      origin: originOf(req),
    });

  router.get('/settings/diagnosis', async (req, res) => {
    resolveAdministrator(req);
    const connections = await db.selectFrom('connections').select(['id', 'name']).orderBy('name').execute();
    const diagnosis = queryText(req, 'run') === undefined ? null : await run(req);
    const chosen = queryText(req, 'connection') ?? '';
    show(parts, req, res, diagnosisScreen({ diagnosis, connections, chosen, now: now() }));
  });

  router.get('/settings/diagnosis.txt', async (req, res) => {
    const diagnosis = await run(req);
    res
      .set({
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': 'attachment; filename="diagnosis.txt"',
        'Cache-Control': 'no-store',
      })
      .send(`${diagnosisText(diagnosis)}\n`);
  });

  return router;
}

function originOf(req: Request): string | undefined {
  const host = req.get('host');
  return host === undefined || !/^[\w.:[\]-]+$/.test(host) ? undefined : `${req.protocol}://${host}`;
}
