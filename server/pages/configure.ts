import { Router, type Request, type Response } from 'express';
import { InvalidInput, SluiceError } from '../../errors.ts';
import { findKnownAccounts } from '../../store/filter-values.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import {
  configureScreen,
  type ConfigureValues,
  type ConfigureView,
} from '../../web/screens/connection/configure.ts';
import { listFilters } from '../../web/screens/connection/filters/fields.ts';
import { savedMessage } from '../../web/presenters/saved-settings.ts';
import { csrfToken } from '../security/csrf.ts';
import type { Lists, LookupView, UnknownValue } from '../services/site-lookup.ts';
import type { Settings } from '../settings.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { settingsFrom, storedValues, valuesOf, zones } from './configure-form.ts';
import { postedConfigure } from './configure-posted.ts';
import { draftOf, dropDraft, keepValues } from './drafts.ts';
import { listsIn } from './filters-form.ts';
import { formText, goOn, pathPart, queryText, show, type PageParts } from './page.ts';

/** Spaces and people that are listed at a time. */
const listed = 20;
/** Authors whose names are told beside the list of their ids. */
const mostNamed = 100;
const searches = ['spaceSearch', 'authorSearch'] as const;

/** The third step of a connection's set-up, and its settings ever after. */
export function configurePages(parts: PageParts): Router {
  const { db, services, now } = parts;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));

  /** What somebody looks for in the lists, by the form or, as it is typed, by the query. */
  async function found(
    req: Request,
    connection: ConnectionView,
    values: ConfigureValues,
  ): Promise<Pick<ConfigureView, 'spaces' | 'authors' | 'named'>> {
    const actor = resolveAdministrator(req);
    const wanted = (name: (typeof searches)[number]) =>
      typeof req.query[name] === 'string' || values[name] !== '' ? values[name].slice(0, 200) : null;
    const [space, author] = [wanted('spaceSearch'), wanted('authorSearch')];
    const ids = listsIn(values, connection.siteUrl).authors.slice(0, mostNamed);
    const [spaces, people, named] = await Promise.all([
      space === null || connection.authorizedAt === null
        ? null
        : services.choices.spaces(actor, connection.id, { named: space, limit: listed }),
      author === null
        ? null
        : services.choices.authors(actor, connection.id, { named: author, limit: listed + 1 }),
      ids.length === 0 ? [] : findKnownAccounts(db, connection.id, { ids }),
    ]);
    const authors = people === null ? null : { items: people.slice(0, listed), more: people.length > listed };
    return { spaces, authors, named };
  }

  const render = async (
    req: Request,
    res: Response,
    connection: ConnectionView,
    values: ConfigureValues,
    extra: { errors?: FieldErrors; unknown?: UnknownValue[]; isDraft?: boolean; status?: number } = {},
  ) => {
    const { errors = {}, unknown = [], isDraft = false, status = 200 } = extra;
    res.vary('HX-Request');
    const screen = configureScreen({
      csrfToken: csrfToken(req),
      connection,
      values,
      errors,
      unknown,
      isDraft,
      zones,
      ...(await found(req, connection, values)),
      now: now(),
    });
    show(parts, req, res, screen, status);
  };

  router.get('/connections/:id/configure', async (req, res) => {
    const connection = await connectionOf(req);
    const draft = draftOf(req, `${connection.id}/configure`);
    const values = draft === null ? storedValues(connection) : valuesOf(draft, connection);
    const asked = searches.flatMap((name) =>
      typeof req.query[name] === 'string' ? [[name, queryText(req, name) ?? '']] : [],
    );
    const shown = { ...values, ...Object.fromEntries(asked) } as ConfigureValues;
    await render(req, res, connection, shown, { isDraft: draft !== null });
  });

  router.post('/connections/:id/configure', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await connectionOf(req);
    const form = `${connection.id}/configure`;
    const values = valuesOf(postedConfigure(req), connection);
    if (isSearch(req, values)) return find(req, res, connection, values);
    const again = async (
      extra: { errors?: FieldErrors; unknown?: UnknownValue[] },
      shown: ConfigureValues = values,
    ) => {
      await keepValues(req, form, values);
      await render(
        req,
        res,
        connection,
        { ...shown, spaceSearch: '', authorSearch: '' },
        { ...extra, status: 422 },
      );
    };
    let lookup: LookupView;
    let saved;
    try {
      const settings = settingsFrom(values, connection);
      lookup = await services.choices.lookUp(actor, connection.id, addedBy(settings, connection.settings));
      const open = lookup.unknown.filter((each) => !isConfirmed(req, values, each));
      if (open.length > 0) return await again({ unknown: lookup.unknown });
      const expectedVersion = /^\d{1,9}$/.test(values.version) ? Number(values.version) : undefined;
      saved = await services.connections.updateSettings(actor, connection.id, settings, {
        expectedVersion,
        sync: true,
      });
    } catch (error) {
      if (error instanceof InvalidInput) return again({ errors: ownFields(error) });
      if (!(error instanceof SluiceError) || error.code !== 'settings_changed') throw error;
      // What was typed stays, and is stored by the next try: whoever saves then has been told.
      const told = `${error.message} What you entered is below and is not saved yet.`;
      return again(
        { errors: { strategy: told } },
        { ...values, version: String(connection.settingsVersion) },
      );
    }
    dropDraft(req, form);
    await goOn(req, res, `/connections/${connection.id}`, {
      ok: true,
      code: 'saved',
      ...savedMessage({ before: connection, saved, unchecked: lookup.unchecked }),
    });
  });

  /** Without JavaScript: the form comes back with what was typed and what was found. */
  async function find(
    req: Request,
    res: Response,
    connection: ConnectionView,
    values: ConfigureValues,
  ): Promise<void> {
    const name =
      searches.find((each) => each === formText(req, 'find')) ?? searchIn(req, values) ?? 'spaceSearch';
    await keepValues(req, `${connection.id}/configure`, values);
    const query = new URLSearchParams({ [name]: values[name] });
    await goOn(req, res, `/connections/${connection.id}/configure?${query}#${name}`);
  }
  router.post('/connections/:id/configure/find', async (req, res) => {
    const connection = await connectionOf(req);
    await find(req, res, connection, valuesOf(postedConfigure(req), connection));
  });

  router.post('/connections/:id/configure/draft', async (req, res) => {
    const connection = await connectionOf(req);
    await keepValues(req, `${connection.id}/configure`, valuesOf(postedConfigure(req), connection));
    res.status(204).end();
  });

  router.post('/connections/:id/configure/draft/discard', async (req, res) => {
    const { id } = await connectionOf(req);
    dropDraft(req, `${id}/configure`);
    await goOn(req, res, `/connections/${id}/configure`);
  });

  return router;
}

/** The Enter key in a field that searches presses the form's first button, which saves: it was meant to find. */
function isSearch(req: Request, values: ConfigureValues): boolean {
  return formText(req, 'enter') === 'yes' && searchIn(req, values) !== undefined;
}

function searchIn(req: Request, values: ConfigureValues): (typeof searches)[number] | undefined {
  return searches.find((name) => values[name] !== '' && values[name] !== formText(req, `${name}Shown`, 500));
}

/** Values that the stored filters do not have: what was saved once is not questioned again. */
function addedBy(settings: Settings, stored: Settings): Lists {
  return Object.fromEntries(
    listFilters.map((name) => {
      const there = new Set(stored.filters?.[name]?.values);
      return [name, (settings.filters?.[name]?.values ?? []).filter((value) => !there.has(value))];
    }),
  );
}

/** Somebody has seen that the site does not know this, and wants it all the same. */
function isConfirmed(req: Request, values: ConfigureValues, { field, value }: UnknownValue): boolean {
  return formText(req, 'anyway') === 'yes' && values.confirmed.split(/\r?\n/).includes(`${field}:${value}`);
}

/** Fields as the form names them. */
function ownFields(error: InvalidInput): FieldErrors {
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, message]) => [name.replace(/^sync\./, ''), message]),
  );
}
