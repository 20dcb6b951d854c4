import type { RunningSandbox } from '../sandbox/main.ts';

/** What a person does at the authorize page. */
export interface Person {
  email: string;
  decision?: 'accept' | 'deny';
  /** Defaults to the site that is offered first. */
  cloudId?: string;
}

/**
 * Goes through the sandbox's authorize page as a browser would, without JavaScript: sign in, choose the site, decide.
 * Returns where the browser is sent at the end: the callback's path and query, or the URL of Atlassian's error page.
 */
export async function consentAt(authorizeUrl: string, person: Person): Promise<string> {
  const { origin } = new URL(authorizeUrl);
  const first = await fetch(authorizeUrl, { redirect: 'manual' });
  if (first.status === 302) return new URL(first.headers.get('location') ?? '', origin).href;
  const transaction = /name="transaction" value="([^"]+)"/.exec(await first.text())?.[1] ?? '';
  const signedIn = await post(`${origin}/authorize/sign-in?__host=auth.atlassian.com`, {
    transaction,
    email: person.email,
  });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const offered = /name="cloudId" value="([^"]+)"/.exec(await signedIn.text())?.[1];
  const cloudId = person.cloudId ?? offered;
  const decided = await post(
    `${origin}/authorize/decision?__host=auth.atlassian.com`,
    { transaction, decision: person.decision ?? 'accept', ...(cloudId === undefined ? {} : { cloudId }) },
    cookie,
  );
  const back = new URL(decided.headers.get('location') ?? 'about:blank', origin);
  return back.origin === origin ? back.href : back.pathname + back.search;
}

/** The callback of a consent that the authorize page would not let through, for what Atlassian's might. */
export function forcedConsent(
  sandbox: RunningSandbox,
  authorizeUrl: string,
  given: { accountId: string; scopes?: string[]; cloudIds: string[]; redirectUri?: string },
): string {
  const query = new URL(authorizeUrl).searchParams;
  const code = sandbox.context.grants.consent({
    clientId: query.get('client_id') ?? '',
    accountId: given.accountId,
    scopes: given.scopes ?? (query.get('scope') ?? '').split(' '),
    cloudIds: given.cloudIds,
    redirectUri: given.redirectUri ?? query.get('redirect_uri') ?? '',
    codeChallenge: query.get('code_challenge'),
  });
  return `/oauth/atlassian/callback?code=${code}&state=${query.get('state') ?? ''}`;
}

function post(url: string, fields: Record<string, string>, cookie?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
    headers: cookie === undefined ? {} : { cookie },
  });
}
