/** What a person does at the consent page. */
export interface ConsentWalk {
  /** Any of the people who can sign in. */
  accountId: string;
  decision?: 'accept' | 'deny';
  /** The first site on offer when absent. */
  cloudId?: string;
}

/**
 * Goes through sign-in and consent as a browser without JavaScript would, and answers where it is sent in the end:
 * the app's callback, or the error page. For tests and scripts that need a code without a browser.
 */
export async function walkConsent(
  sandboxUrl: string,
  authorizeUrl: string,
  walk: ConsentWalk,
): Promise<{ location: string; consentPage: string }> {
  const { pathname, search } = new URL(authorizeUrl, sandboxUrl);
  const first = await fetch(`${sandboxUrl}${pathname}${search}`, { redirect: 'manual' });
  const refused = first.headers.get('location');
  if (refused !== null) return { location: refused, consentPage: '' };
  const transaction = hidden(await first.text());
  const signedIn = await post(sandboxUrl, '/authorize/sign-in', { transaction, accountId: walk.accountId });
  const consentPage = await signedIn.text();
  const offered = /name="cloudId" value="([^"]+)"/.exec(consentPage)?.[1];
  const cloudId = walk.cloudId ?? offered;
  const decided = await post(
    sandboxUrl,
    '/authorize/decision',
    {
      transaction,
      decision: walk.decision ?? 'accept',
      ...(cloudId === undefined ? {} : { cloudId }),
    },
    signedIn.headers.get('set-cookie')?.split(';')[0],
  );
  return { location: decided.headers.get('location') ?? '', consentPage };
}

function hidden(html: string): string {
  const value = /name="transaction" value="([^"]+)"/.exec(html)?.[1];
  if (value === undefined) throw new Error(`No sign-in form in: ${html.slice(0, 300)}`);
  return value;
}

function post(
  origin: string,
  path: string,
  form: Record<string, string>,
  cookie?: string,
): Promise<Response> {
  return fetch(`${origin}${path}?__host=auth.atlassian.com`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
    headers: cookie === undefined ? {} : { cookie },
  });
}
