import type { Express } from 'express';
import request from 'supertest';

/** A browser without JavaScript: cookies, and the CSRF token of the last page that had a form. */
export interface BrowserSession {
  get(path: string): request.Test;
  /** Posts a form with the session's token; `_csrf` in `fields` replaces it. */
  post(path: string, fields?: Record<string, string>): Promise<request.Response>;
  signIn(email: string, password: string): Promise<request.Response>;
  /** The value of the session cookie. */
  cookie(): string | undefined;
  token(): Promise<string>;
}

export function createBrowserSession(app: Express): BrowserSession {
  const agent = request.agent(app);
  const session: BrowserSession = {
    get: (path) => agent.get(path),
    async post(path, fields = {}) {
      const body = { _csrf: await session.token(), ...fields };
      return agent.post(path).type('form').send(body);
    },
    signIn: (email, password) => session.post('/sign-in', { email, password }),
    cookie: () =>
      agent.jar.getCookie('sluice', { path: '/', domain: '127.0.0.1', secure: false, script: false } as never)
        ?.value,
    async token() {
      // The sign-in page has a form for strangers; whoever is signed in finds one on the profile.
      for (const page of ['/sign-in', '/profile']) {
        const { text, status } = await agent.get(page);
        const token = /name="_csrf" value="([^"]+)"/.exec(text ?? '')?.[1];
        if (status === 200 && token !== undefined) return token;
      }
      throw new Error('No page has a form with a CSRF token.');
    },
  };
  return session;
}
