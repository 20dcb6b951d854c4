import 'express-session';
import { Router, type Request, type Response } from 'express';
import { NotFound } from '../../errors.ts';
import { disconnectingScreen, disconnectScreen } from '../../web/screens/connection/disconnect.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { formText, goOn, pathPart, show, type PageParts } from './page.ts';

declare module 'express-session' {
  interface SessionData {
    /** Names of the connections that this person has disconnected and whose deletion went on, by id. */
    disconnecting: Record<string, string>;
  }
}

/** The question before a connection is deleted, and how far a deletion is. */
export function disconnectPages(parts: PageParts): Router {
  const { services } = parts;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));

  router.get('/connections/:id/disconnect', async (req, res) => {
    const connection = await connectionOf(req).catch((error: unknown) => {
      if (error instanceof NotFound) return null;
      throw error;
    });
    const id = pathPart(req, 'id');
    const name = req.session.disconnecting?.[id];
    if (connection === null) {
      if (name === undefined) throw new NotFound('This connection');
      return deleted(req, res, id, name);
    }
    const isUnderWay = connection.status === 'disconnecting';
    show(
      parts,
      req,
      res,
      isUnderWay ? disconnectingScreen({ connection }) : await question(req, connection, {}),
    );
  });

  router.post('/connections/:id/disconnect', async (req, res) => {
    const connection = await connectionOf(req);
    if (formText(req, 'confirmation') !== connection.name.trim()) {
      const errors = { confirmation: `Type the name exactly: ${connection.name}` };
      return show(parts, req, res, await question(req, connection, errors), 422);
    }
    if ((await services.disconnect.remove(resolveAdministrator(req), connection.id)) === 'deleting') {
      req.session.disconnecting = { ...req.session.disconnecting, [connection.id]: connection.name };
      return goOn(req, res, `/connections/${connection.id}/disconnect`);
    }
    await deleted(req, res, connection.id, connection.name);
  });

  async function deleted(req: Request, res: Response, id: string, name: string) {
    const { [id]: _done, ...others } = req.session.disconnecting ?? {};
    req.session.disconnecting = others;
    const message = `${name} is disconnected, and everything of it is deleted here.`;
    await goOn(req, res, '/connections', { ok: true, code: 'disconnected', message });
  }

  async function question(req: Request, connection: ConnectionView, errors: FieldErrors) {
    const preview = await services.disconnect.preview(resolveAdministrator(req), connection.id);
    return disconnectScreen({ csrfToken: csrfToken(req), connection, preview, errors });
  }

  return router;
}
