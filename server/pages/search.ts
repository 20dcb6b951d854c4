import { Router, type Request } from 'express';
import { z } from 'zod';
import { NotFound, SluiceError } from '../../errors.ts';
import { searchRecords } from '../../search/search.ts';
import type { SearchPage } from '../../search/types.ts';
import { listAudienceNames } from '../../store/audiences.ts';
import type { SearchState } from '../../web/screens/search/address.ts';
import { searchScreen } from '../../web/screens/search.ts';
import { searchParameters } from '../api/search-parameters.ts';
import type { Viewer } from '../actor.ts';
import { csrfToken } from '../security/csrf.ts';
import { searchAs } from '../session.ts';
import { resolveAdministrator, resolveActor, resolveViewer } from '../viewer.ts';
import { hasConnections } from './counts.ts';
import { formText, goOn, queryText, show, type PageParts } from './page.ts';

const names = [
  'q',
  'connection',
  'space',
  'type',
  'label',
  'author',
  'audience',
  'modifiedAfter',
  'cursor',
] as const;

/** The search page, and looking through somebody's eyes. */
export function searchPages(parts: PageParts): Router {
  const { db, services, now, browserUrl } = parts;
  const router = Router();

  router.get('/', async (req, res) => {
    const viewer = resolveViewer(req);
    const typing = req.get('hx-request') === 'true' || queryText(req, 'typing') === '1';
    const asked = searchParameters.safeParse(askedOf(req));
    const found = asked.success
      ? await attempt(async () => {
          const page = await searchRecords(db, viewer, { ...asked.data, prefix: typing });
          return { ...page, hits: page.hits.map((hit) => ({ ...hit, url: browserUrl(hit.url) })) };
        })
      : { page: null, error: asked.error.issues.map(inWords).join(' ') };
    res.vary('HX-Request');
    show(
      parts,
      req,
      res,
      searchScreen({
        ...found,
        state: stateOf(req, asked.success ? asked.data : null),
        nothingConnected: found.page?.totalVisible === 0 && !(await hasConnections(db)),
        further: queryText(req, 'cursor') !== undefined,
        typing,
        administrator: viewer.actor.role === 'administrator',
        people: await peopleOf(req, viewer),
        audiences: await listAudienceNames(db, viewer),
        csrfToken: csrfToken(req),
        now: now(),
      }),
      found.page === null ? 400 : 200,
    );
  });

  /** Whom an administrator may want to search as; not asked for while somebody types. */
  async function peopleOf(req: Request, { actor, searchingAs }: Viewer) {
    if (actor.role !== 'administrator' || searchingAs || req.get('hx-request') === 'true') return null;
    const { items } = await services.users.list(actor, { limit: 200 });
    return items.filter((user) => user.active && user.id !== actor.userId);
  }

  router.post('/search-as', async (req, res) => {
    const actor = resolveAdministrator(req);
    try {
      const person = await services.access.findViewer(actor, formText(req, 'email', 320));
      await searchAs(req, person.userId);
      res.redirect(303, '/');
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await goOn(req, res, '/', { ok: false, code: error.code, message: error.message });
    }
  });

  router.post('/search-as/stop', async (req, res) => {
    resolveActor(req);
    await searchAs(req, null);
    await goOn(req, res, '/', {
      ok: true,
      code: 'search_as_ended',
      message: 'You search as yourself again.',
    });
  });

  return router;
}

function askedOf(req: Request): Record<string, unknown> {
  const given = names.map((name) => [name, req.query[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

function stateOf(req: Request, asked: z.output<typeof searchParameters> | null): SearchState {
  return {
    q: queryText(req, 'q') ?? '',
    connection: asked?.connection ?? [],
    space: asked?.space ?? [],
    type: asked?.type ?? [],
    label: asked?.label ?? [],
    author: asked?.author ?? [],
    audience: asked?.audience ?? [],
    modifiedAfter: asked?.modifiedAfter?.toISOString().slice(0, 10) ?? '',
  };
}

async function attempt(
  search: () => Promise<SearchPage>,
): Promise<{ page: SearchPage | null; error: string | null }> {
  try {
    return { page: await search(), error: null };
  } catch (error) {
    if (error instanceof SluiceError && error.status < 500) return { page: null, error: error.message };
    throw error;
  }
}

function inWords(issue: { path: PropertyKey[]; message: string }): string {
  return `${String(issue.path[0])}: ${issue.message}`;
}
