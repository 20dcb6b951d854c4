import { Router } from 'express';
import { renderFragment, type Html } from '../../web/html.ts';
import { connectionsScreen, overviewPanel, overviewSentence } from '../../web/screens/connections.ts';
import { resolveAdministrator } from '../viewer.ts';
import { show, type PageParts } from './page.ts';
import { eventOf } from './runs.ts';

const heartbeatMs = 15_000;
/** A browser connects anew after so long, and proves again who it is. */
const longestMs = 300_000;

/** All connections on one screen, and the stream that it follows. */
export function overviewPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  router.get('/connections', async (req, res) => {
    const overview = await services.overview.read(resolveAdministrator(req));
    show(parts, req, res, connectionsScreen({ overview, now: now() }));
  });

  router.get('/connections/events', (req, res) => {
    const actor = resolveAdministrator(req);
    const send = (event: string, content: Html) => res.write(eventOf(event, renderFragment(content)));
    let said = '';
    const stop = services.overview.watch(actor, (overview) => {
      if (res.writableEnded) return;
      send('overview', overviewPanel(overview, now()));
      const sentence = overviewSentence(overview);
      if (sentence !== said) send('said', sentence);
      said = sentence;
    });
    res.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies such as nginx hold answers back otherwise.
      'X-Accel-Buffering': 'no',
    });
    res.flushHeaders();
    const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs);
    const end = setTimeout(() => res.end(), longestMs).unref();
    const close = () => {
      clearInterval(heartbeat);
      clearTimeout(end);
      stop();
    };
    res.on('close', close);
    if (res.closed) close();
  });

  return router;
}
