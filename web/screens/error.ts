import { html } from '../html.ts';
import type { Page } from '../layout.ts';

interface Explained {
  title: string;
  next: string;
}

const explained: Record<number, Explained> = {
  400: { title: 'This request could not be read', next: 'Go back, reload the page and try again.' },
  401: { title: 'You are signed out', next: 'Sign in, and you come back to where you were.' },
  403: { title: 'You may not do this', next: 'If you should be able to, ask an administrator.' },
  404: {
    title: 'There is nothing here for you',
    next: 'It may have been deleted or moved, or it is something that you may not see.',
  },
  409: {
    title: 'This does not go together with what is there',
    next: 'Reload the page to see how it is now.',
  },
  422: { title: 'Something in the form is not right', next: 'Go back, mend it and send it again.' },
  410: { title: 'This no longer works', next: 'Ask for a new link, or start again from the search.' },
  413: { title: 'This is too large', next: 'Send less at once.' },
  503: { title: 'This is not possible right now', next: 'Try again in a moment. Nothing was lost.' },
  429: { title: 'Too many attempts', next: 'Wait a minute, then try again.' },
};

const unexpected: Explained = {
  title: 'Something went wrong on our side',
  next: 'Try again in a moment. If it stays, give an administrator the codes below: the log has the details.',
};

/** What happened, why, and what next. `message` is for people already; a 500's never holds details. */
export function errorScreen(error: {
  status: number;
  code: string;
  message: string;
  /** `requestId` of what failed here: the log's lines about it carry it. */
  details?: Record<string, unknown> | undefined;
}): Page {
  const { title, next } = explained[error.status] ?? unexpected;
  const requestId = error.details?.['requestId'];
  return {
    title,
    width: 'narrow',
    content: html`<div class="card">
      <h1>${title}</h1>
      <p>${error.message}</p>
      <p>${next}</p>
      <p class="actions">
        ${
          error.status === 401
            ? html`<a class="button primary" href="/sign-in">Sign in</a>`
            : html`<a class="button primary" href="/">Go to search</a>`
        }
      </p>
      <p class="hint">
        ${error.status} · <code>${error.code}</code>
        ${typeof requestId === 'string' ? html` · <code>${requestId}</code>` : null}
      </p>
    </div>`,
  };
}
