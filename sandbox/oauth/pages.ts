import { scopeInWords } from './scopes.ts';

/** One hash for the one style that all pages share: no inline script, nothing from elsewhere. */
const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:32rem;margin:2rem auto;padding:0 1rem}
.note{border-left:4px solid #0c66e4;padding:.25rem .75rem;margin:1rem 0}
ul{padding-left:1.25rem}
button{font:inherit;min-height:2.5rem;padding:.25rem 1rem;border:1px solid currentColor;border-radius:6px;background:Canvas;color:CanvasText;cursor:pointer}
button.primary{background:#0c66e4;border-color:#0c66e4;color:#fff}
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #f5a524;outline-offset:2px}
.people{list-style:none;padding:0;display:grid;gap:.5rem}
.people button{width:100%;text-align:left}
.actions{display:flex;gap:.75rem;margin-top:1.5rem}
fieldset{border:1px solid currentColor;border-radius:6px;margin:1rem 0}
label{display:block;padding:.25rem 0}
input[type=email]{font:inherit;padding:.4rem;width:100%;box-sizing:border-box}
`;

export interface PageView {
  title: string;
  /** Already escaped. */
  body: string;
  nonce: string;
}

export function page({ title, body, nonce }: PageView): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><p class="note">Sandbox: a simulated Atlassian. No account here is real.</p>
<h1>${escape(title)}</h1>
${body}
</main></body></html>`;
}

export interface SignInView {
  transaction: string;
  appName: string;
  people: readonly { accountId: string; name: string; email: string; note: string }[];
  error: string | null;
}

export function signInBody(view: SignInView): string {
  const buttons = view.people
    .map(
      (person) =>
        `<li><button name="accountId" value="${escape(person.accountId)}">${escape(person.name)} <small>${escape(
          [person.email, person.note].filter(Boolean).join(', '),
        )}</small></button></li>`,
    )
    .join('\n');
  return `<p>to continue to ${escape(view.appName)}</p>
${view.error === null ? '' : `<p role="alert">${escape(view.error)}</p>`}
<form method="post" action="/authorize/sign-in?__host=auth.atlassian.com">
<input type="hidden" name="transaction" value="${escape(view.transaction)}">
<ul class="people" aria-label="People">${buttons}</ul>
</form>
<form method="post" action="/authorize/sign-in?__host=auth.atlassian.com">
<input type="hidden" name="transaction" value="${escape(view.transaction)}">
<label for="email">Someone else's email</label>
<input id="email" name="email" type="email" autocomplete="off" required>
<p><button>Continue</button></p>
</form>`;
}

export interface ConsentView {
  transaction: string;
  appName: string;
  personName: string;
  personEmail: string;
  sites: readonly { cloudId: string; name: string; url: string }[];
  /** Whether the scopes reach a site at all; sign-in alone does not. */
  needsSite: boolean;
  scopes: readonly string[];
  callbackHost: string;
}

export function consentBody(view: ConsentView): string {
  const sites = view.sites
    .map(
      (site, index) =>
        `<label><input type="radio" name="cloudId" value="${escape(site.cloudId)}"${
          index === 0 ? ' checked' : ''
        } required> ${escape(site.name)} <small>${escape(site.url)}</small></label>`,
    )
    .join('\n');
  const scopes = view.scopes
    .map((scope) => `<li>${escape(scopeInWords(scope))} <small><code>${escape(scope)}</code></small></li>`)
    .join('\n');
  const stuck = view.needsSite && view.sites.length === 0;
  return `<form method="post" action="/authorize/decision?__host=auth.atlassian.com">
<input type="hidden" name="transaction" value="${escape(view.transaction)}">
<p>Signed in as <strong>${escape(view.personName)}</strong> (${escape(view.personEmail)}).</p>
${
  view.needsSite
    ? `<fieldset><legend>Authorize for site</legend>${
        stuck ? '<p role="alert">You have no site that you could choose.</p>' : sites
      }</fieldset>`
    : ''
}
<h2>${escape(view.appName)} would like to</h2>
<ul aria-label="Scopes">${scopes}</ul>
<p>After your decision you go back to ${escape(view.callbackHost)}.</p>
<div class="actions"><button class="primary" name="decision" value="accept"${stuck ? ' disabled' : ''}>Accept</button>
<button name="decision" value="deny" formnovalidate>Deny</button></div>
</form>
<form method="post" action="/authorize/switch?__host=auth.atlassian.com">
<input type="hidden" name="transaction" value="${escape(view.transaction)}">
<p><button>Use another account</button></p></form>`;
}

export function errorBody(error: string, description: string): string {
  return `<p role="alert">${escape(description)}</p><p><small>Error: <code>${escape(error)}</code></small></p>`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
