import { Router, type Request } from 'express';
import { listRemovals } from '../../store/removals.ts';
import { openWarnings } from '../../store/run-findings.ts';
import { overviewScreen } from '../../web/screens/connection/overview.ts';
import type { Actor } from '../actor.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { countFailuresAndRuns, countKinds } from './counts.ts';
import { attempt, pathPart, show, type PageParts } from './page.ts';

/** One connection, and what can be done with it. */
export function connectionPages(parts: PageParts): Router {
  const { db, services, now } = parts;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));

  router.get('/connections/:id', async (req, res) => {
    const connection = await connectionOf(req);
    const latest = connection.currentRun ?? connection.lastRun;
    const actor = resolveAdministrator(req);
    const [run, kinds, { failures }, comparison, warnings, [removed]] = await Promise.all([
      latest === null ? null : services.syncs.get(actor, latest.id),
      countKinds(db, connection.id),
      countFailuresAndRuns(db, connection.id),
      services.comparison.get(actor, connection.id),
      openWarnings(db, connection.id),
      listRemovals(db, connection.id, { cause: null, q: '', before: null, limit: 1 }),
    ]);
    const last = removed === undefined ? null : { ...removed, at: removed.at.toISOString() };
    const view = { csrfToken: csrfToken(req), connection, run, kinds, failures, comparison, now: now() };
    show(parts, req, res, overviewScreen({ ...view, warnings, removed: last }));
  });

  const button = (name: string, act: (actor: Actor, id: string) => Promise<unknown>, message: string) => {
    router.post(`/connections/:id/${name}`, async (req, res) => {
      const actor = resolveAdministrator(req);
      const { id } = await connectionOf(req);
      await attempt(req, res, `/connections/${id}`, async () => {
        await act(actor, id);
        return { code: name, message };
      });
    });
  };
  button(
    'cancel',
    (actor, id) => services.syncs.cancel(actor, id),
    'The sync stops after its current batch. What it brought in stays.',
  );
  button(
    'pause',
    (actor, id) => services.steering.pause(actor, id),
    'Paused. A sync under way keeps its place; permissions are still read.',
  );
  button(
    'resume',
    (actor, id) => services.steering.resume(actor, id),
    'Resumed. Syncs go on where they stopped.',
  );
  button('enable', (actor, id) => services.connections.enable(actor, id), 'Enabled. Syncs go on.');
  button(
    'disable',
    (actor, id) => services.connections.disable(actor, id),
    'Disabled. No sync starts; what is indexed stays findable, with its permissions.',
  );

  return router;
}
