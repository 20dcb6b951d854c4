import { Router, type Request } from 'express';
import { badge } from '../../web/components/badge.ts';
import { html, renderFragment, type Html } from '../../web/html.ts';
import { progressPanel } from '../../web/screens/connection/progress.ts';
import { runScreen } from '../../web/screens/connection/run.ts';
import { runLists, runsScreen, runStates } from '../../web/screens/connection/runs.ts';
import { logFilters, type LogFilterLevel } from '../../web/presenters/log.ts';
import { connectionState } from '../../web/presenters/connection.ts';
import { runs, runSentence } from '../../web/presenters/run.ts';
import { sendLog } from '../api/run-log.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView, ProgressView } from '../views.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

/** A screen reader hears of a run at most this often. */
const saidEveryMs = 5_000;
const heartbeatMs = 15_000;

/** The history of runs; a run with its log, also as a file, and the stream that its panel follows. */
export function runPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  router.get('/connections/:id/runs', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const list = keyOf(runLists, queryText(req, 'kind')) ?? 'content';
    const state = keyOf(runStates, queryText(req, 'state')) ?? '';
    const { items, nextCursor } = await services.syncs.list(actor, connection.id, {
      cursor: queryText(req, 'cursor'),
      limit: 50,
      kind: list,
      ...(state === '' ? {} : { state }),
    });
    show(parts, req, res, runsScreen({ connection, list, state, runs: items, nextCursor, now: now() }));
  });

  router.get('/runs/:id', async (req, res) => {
    const actor = resolveAdministrator(req);
    const run = await services.syncs.get(actor, pathPart(req, 'id'));
    const { level, q } = logFilterOf(req);
    const [connection, log] = await Promise.all([
      services.connections.get(actor, run.connectionId),
      services.runLog.list(actor, run.id, { cursor: queryText(req, 'cursor'), limit: 100, level, q }),
    ]);
    const { items: lines, nextCursor } = log;
    show(parts, req, res, runScreen({ connection, run, lines, nextCursor, level, q, now: now() }));
  });

  for (const format of ['csv', 'ndjson'] as const) {
    router.get(`/runs/:id/log.${format}`, async (req, res) => {
      const id = pathPart(req, 'id');
      const lines = await services.runLog.export(resolveAdministrator(req), id, logFilterOf(req), format);
      await sendLog(res, id, format, lines);
    });
  }

  router.get('/runs/:id/live', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const first = await services.syncs.get(actor, id);
    res.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies such as nginx hold answers back otherwise.
      'X-Accel-Buffering': 'no',
    });
    const send = (event: string, content: Html) => res.write(eventOf(event, renderFragment(content)));
    let saidAt = 0;
    const follow = (progress: ProgressView) => {
      if (res.writableEnded) return;
      if (!runs(progress)) return void end(progress);
      send('progress', progressPanel(progress, now()));
      if (Date.now() - saidAt < saidEveryMs) return;
      saidAt = Date.now();
      send('said', runSentence(progress));
    };
    const end = async (progress: ProgressView) => {
      // The connection's own state, elsewhere on the page, changes with the end of its run.
      const connection = await services.connections.get(actor, progress.connectionId).catch(() => null);
      if (res.writableEnded) return;
      send('said', runSentence(progress));
      send(
        'progress',
        html`${progressPanel(progress, now())}${reload}${connection === null ? null : newState(connection)}`,
      );
      res.end(eventOf('finished', ''));
    };
    const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs);
    const stop = runs(first) ? await services.syncs.watch(actor, id, follow) : () => {};
    if (!runs(first)) follow(first);
    const close = () => {
      clearInterval(heartbeat);
      stop();
    };
    res.on('close', close);
    if (res.closed) close();
  });

  return router;
}

function logFilterOf(req: Request): { level: LogFilterLevel; q: string } {
  const level = keyOf(logFilters, queryText(req, 'level')) ?? 'debug';
  return { level, q: (queryText(req, 'q') ?? '').trim().slice(0, 200) };
}

/** The key of `choices` that a query names, or null. */
function keyOf<T extends string>(choices: Record<T, string>, name: string | undefined): T | null {
  return name !== undefined && Object.hasOwn(choices, name) ? (name as T) : null;
}

/** What can be done changes with the end of a run, and nothing moves by itself: the page is loaded anew when wanted. */
const reload = html`<p><a class="button" href="">Show what is there now</a></p>`;

function newState(connection: ConnectionView): Html {
  return html`<span id="connection-state" hx-swap-oob="innerHTML"
    >${badge(connectionState(connection))}</span
  >`;
}

/** One server-sent event; every line of its data goes in a field of its own. */
export function eventOf(event: string, data: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${event}\n${lines.join('')}\n`;
}
