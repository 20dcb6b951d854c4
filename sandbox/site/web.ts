import { randomBytes } from 'node:crypto';
import express from 'express';
import type { Request, Response, Router } from 'express';
import type { SandboxContext } from '../context.ts';
import { escape, page } from '../oauth/pages.ts';
import { rememberSignIn, signedInPerson } from '../oauth/signed-in.ts';
import type { Content } from '../world/types.ts';
import { canView } from '../world/visibility.ts';
import { storageToHtml } from './storage-html.ts';

const MOST_LISTED = 500;

/**
 * The site's own web pages, as plain as can be: a link from a search result leads to what the person who is signed in
 * may open, and to the same refusal for what is hidden and what does not exist.
 */
export function webRouter(context: SandboxContext): Router {
  const { store } = context;
  const router = express.Router();

  const send = (res: Response, title: string, body: string): void => {
    const nonce = randomBytes(16).toString('base64');
    res.set(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    res.type('html').send(page({ title, body, nonce }));
  };
  const signIn = (req: Request, res: Response): void => {
    const buttons = store
      .people()
      .filter(({ type, status }) => type === 'atlassian' && status === 'active')
      .slice(0, 100)
      .map(
        ({ accountId, name }) =>
          `<li><button name="accountId" value="${escape(accountId)}">${escape(name)}</button></li>`,
      );
    res.status(401);
    send(
      res,
      'Sign in as',
      `<form method="post" action="/wiki/sign-in"><input type="hidden" name="to" value="${escape(req.originalUrl)}">
<ul class="people" aria-label="People">${buttons.join('')}</ul></form>`,
    );
  };
  const show = (req: Request, res: Response): void => {
    const person = signedInPerson(store, req);
    if (person === undefined) {
      signIn(req, res);
      return;
    }
    const item = store.content(String(req.params.id));
    if (item === undefined || !canView(store, person.accountId, item.id)) {
      res.status(404);
      send(
        res,
        'You can’t see this page',
        `<p>It does not exist, or ${escape(person.name)} may not open it.</p>`,
      );
      return;
    }
    const visible = (list: readonly Content[]): Content[] =>
      list.filter(({ id }) => canView(store, person.accountId, id));
    const path = [
      store.space(item.spaceId)?.name ?? '',
      ...store.ancestors(item.id).map(({ title }) => title),
    ];
    const children = visible(store.children(item.id)).slice(0, MOST_LISTED);
    send(
      res,
      item.title,
      `<p><small>${path.map(escape).join(' / ')}</small></p>${storageToHtml(item.body)}
${children.length === 0 ? '' : `<h2>Below this page</h2><ul>${children.map((child) => `<li>${linkTo(child)}</li>`).join('')}</ul>`}
<p><small>Seen as ${escape(person.name)}.</small></p>`,
    );
  };
  const linkTo = (item: Content): string => {
    const key = encodeURIComponent(store.space(item.spaceId)?.key ?? '');
    return `<a href="/wiki/spaces/${key}/pages/${item.id}">${escape(item.title)}</a>`;
  };

  router.get(
    ['/wiki/spaces/:key/pages/:id{/:slug}', '/wiki/spaces/:key/blog/:year/:month/:day/:id{/:slug}'],
    show,
  );
  router.get('/wiki/spaces/:key/:kind/:id', show);
  router.get('/wiki/spaces/:key', (req, res) => {
    const home = store.spaceByKey(req.params.key)?.homepageId ?? '0';
    res.redirect(302, `/wiki/spaces/${encodeURIComponent(req.params.key)}/pages/${home}`);
  });
  router.post('/wiki/sign-in', express.urlencoded({ extended: false, limit: '64kb' }), (req, res) => {
    const { accountId, to } = (req.body ?? {}) as Record<string, unknown>;
    const person = store.person(String(accountId ?? ''));
    if (person?.status === 'active') rememberSignIn(res, person);
    // Only back into the site: an address of elsewhere is not followed.
    const target = String(to ?? '');
    res.redirect(303, /^\/wiki\/spaces\/[^\\]*$/.test(target) ? target : '/wiki/spaces');
  });
  return router;
}
