import { csrfField, errorSummary, field, newPassword, type FieldErrors } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import { html, type Html } from '../html.ts';
import { mark } from '../icons.ts';
import type { Page } from '../layout.ts';

export interface SignInView {
  csrfToken: string;
  email: string;
  /** Where to go on, a path of ours. */
  returnTo: string;
  error: string | null;
  /** Whether "Sign in with Atlassian" can work: an OAuth app is registered. */
  atlassian: boolean;
}

export const brand: Html = html`<p class="row brand-large">${mark()} <strong>Sluice</strong></p>`;

export function signInScreen(view: SignInView): Page {
  return {
    title: 'Sign in',
    width: 'narrow',
    content: html`<div class="card">
      ${brand}
      <h1>Sign in</h1>
      ${
        view.error === null
          ? null
          : html`<div role="alert" class="error-summary" tabindex="-1">${notice('bad', view.error)}</div>`
      }
      <form class="stack" method="post" action="/sign-in">
        ${csrfField(view.csrfToken)}
        <input type="hidden" name="returnTo" value=${view.returnTo} />
        ${field({
          name: 'email',
          label: 'Email',
          type: 'email',
          value: view.email,
          autocomplete: 'username',
          required: true,
        })}
        ${field({
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
        })}
        <button class="primary" type="submit">Sign in</button>
      </form>
      ${
        view.atlassian
          ? html`<form class="stack" method="post" action="/sign-in/atlassian">
              ${csrfField(view.csrfToken)}
              <input type="hidden" name="returnTo" value=${view.returnTo} />
              <button type="submit">Sign in with Atlassian</button>
              <p class="hint">
                Signing in with Atlassian also proves which Atlassian account is yours, so that search shows
                all that you may open there.
              </p>
            </form>`
          : null
      }
    </div>`,
  };
}

export interface SetupView {
  csrfToken: string;
  token: string;
  values: { email: string; name: string };
  errors: FieldErrors;
}

export function setupScreen(view: SetupView): Page {
  const { errors, values } = view;
  return {
    title: 'Set up Sluice',
    width: 'narrow',
    content: html`<div class="card">
      ${brand}
      <h1>Set up Sluice</h1>
      <p>You become the first administrator. This link works once.</p>
      ${errorSummary(errors)}
      <form class="stack" method="post" action="/setup">
        ${csrfField(view.csrfToken)}
        <input type="hidden" name="token" value=${view.token} />
        ${field({ name: 'name', label: 'Your name', value: values.name, errors, autocomplete: 'name' })}
        ${field({
          name: 'email',
          label: 'Email',
          type: 'email',
          value: values.email,
          errors,
          autocomplete: 'username',
          required: true,
          hint: 'Use the email of your Atlassian account: search then knows what you may see there.',
        })}
        ${newPassword({ label: 'Password', errors, required: true })}
        <button class="primary" type="submit">Create the administrator</button>
      </form>
    </div>`,
  };
}

export function setupClosedScreen(): Page {
  return {
    title: 'The set-up link is used up',
    width: 'narrow',
    content: html`<div class="card">
      ${brand}
      <h1>This set-up link does not work</h1>
      <p>
        It was used already, or it is too old. As long as there is no administrator, each start prints a new
        one.
      </p>
      <p class="actions"><a class="button" href="/sign-in">Sign in</a></p>
    </div>`,
  };
}
