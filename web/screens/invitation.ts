import { csrfField, errorSummary, field, newPassword, type FieldErrors } from '../components/form.ts';
import { bdi, html } from '../html.ts';
import type { Page } from '../layout.ts';
import { brand } from './sign-in.ts';

export interface InvitationView {
  csrfToken: string;
  token: string;
  email: string;
  name: string;
  errors: FieldErrors;
}

/** Where the link of an invitation leads: the first password, or a new one. */
export function invitationScreen(view: InvitationView): Page {
  const { errors } = view;
  return {
    title: 'Choose your password',
    width: 'narrow',
    content: html`<div class="card">
      ${brand}
      <h1>Choose your password</h1>
      <p>You sign in as <strong>${bdi(view.email)}</strong>. This link works once.</p>
      ${errorSummary(errors)}
      <form class="stack" method="post" action="/invitation">
        ${csrfField(view.csrfToken)}
        <input type="hidden" name="token" value=${view.token} />
        <input type="hidden" name="username" value=${view.email} autocomplete="username" />
        ${field({ name: 'name', label: 'Your name', value: view.name, errors, autocomplete: 'name' })}
        ${newPassword({ label: 'Password', errors, required: true })}
        <button class="primary" type="submit">Save and sign in</button>
      </form>
    </div>`,
  };
}

export function invitationClosedScreen(): Page {
  return {
    title: 'This link does not work',
    width: 'narrow',
    content: html`<div class="card">
      ${brand}
      <h1>This link does not work</h1>
      <p>
        It was used already, was taken back, or is too old: links are good for 72 hours and for one use. Ask
        an administrator for a new one.
      </p>
      <p class="actions"><a class="button" href="/sign-in">Sign in</a></p>
    </div>`,
  };
}
