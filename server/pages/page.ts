import type { Request, Response } from 'express';
import { Conflict } from '../../errors.ts';
import type { FlashMessage } from '../../web/components/flash.ts';
import { renderPage, type Page, type PageContext } from '../../web/layout.ts';
import type { Assets } from '../../web/assets.ts';
import type { AppParts } from '../app.ts';
import { csrfToken } from '../security/csrf.ts';
import { save, takeFlash } from '../session.ts';
import { authenticationOf } from '../viewer.ts';
import { noticesOf } from './banner.ts';

/** What every router of pages has at hand. */
export interface PageParts extends AppParts {
  assets: Assets;
  now(): Date;
  /** Where a browser finds an address of Atlassian's. */
  browserUrl(url: string): string;
}

/** What a page knows of the one who looks at it. The CSRF token is made only when a form asks for it. */
export function pageContext(parts: Pick<PageParts, 'assets' | 'now'>, req: Request): PageContext {
  const authentication = authenticationOf(req);
  const { actor, viewer } = authentication ?? {};
  const partial = req.get('hx-request') === 'true';
  return {
    now: parts.now(),
    get csrfToken() {
      return csrfToken(req);
    },
    user:
      actor === undefined
        ? null
        : { id: actor.userId, name: actor.name, email: actor.email, role: actor.role },
    searchingAs: viewer?.searchingAs === true ? { name: viewer.name, email: viewer.email } : null,
    // A part of a page that htmx fetches must not swallow the message that is meant for the next whole one.
    notices: partial ? null : noticesOf(req),
    flash: partial || req.session === undefined ? null : takeFlash(req),
    asset: (name) => parts.assets.url(name),
  };
}

/** Answers with a whole page. */
export function show(parts: PageParts, req: Request, res: Response, page: Page, status = 200): void {
  res
    .status(status)
    .type('html')
    .send(renderPage(pageContext(parts, req), page));
}

/** Answers a form: the message is kept for the page that comes next, the browser is sent there by GET. */
export async function goOn(
  req: Request,
  res: Response,
  path: string,
  flash?: FlashMessage & { code: string },
): Promise<void> {
  if (flash !== undefined) req.session.flash = flash;
  await save(req);
  res.redirect(303, path);
}

/**
 * Does what a button asks for and goes on to `path`: with the words that `act` gives, or, where the state of things does
 * not allow it, with the reason, on the same page.
 */
export async function attempt(
  req: Request,
  res: Response,
  path: string,
  act: () => Promise<{ code: string; message: string }>,
): Promise<void> {
  try {
    await goOn(req, res, path, { ok: true, ...(await act()) });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    await goOn(req, res, path, { ok: false, code: error.code, message: error.message });
  }
}

/** A field of a posted form as text, without the spaces around it; empty when it is absent or came twice. */
export function formText(req: Request, name: string, longest = 2_000): string {
  const body: unknown = req.body;
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value.trim().slice(0, longest) : '';
}

/** The same for what must not be trimmed: a password. */
export function formSecret(req: Request, name: string): string {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value.slice(0, 4_000) : '';
}

/** A field that may be there several times: checkboxes. */
export function formList(req: Request, name: string): string[] {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name];
  return [value].flat().filter((item) => typeof item === 'string');
}

/** A parameter of the URL's query as text, or undefined. */
export function queryText(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A named part of the path. */
export function pathPart(req: Request, name: string): string {
  const value = req.params[name];
  return typeof value === 'string' ? value : '';
}

/** A path of ours to go on to, or `/`: never another site, whatever a link says. */
export function ownPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/';
}
