import { createBrowser, fieldOf, messageOf } from './browser.ts';

/**
 * Goes through the simulated Atlassian's consent as `email` would in a browser: opens the one-time link, signs in,
 * chooses the site, accepts, and comes back with the code.
 * @throws Error with what the last page says.
 */
export async function giveConsent(options: {
  authorizeUrl: string;
  email: string;
  cloudId: string;
}): Promise<void> {
  const browser = createBrowser();
  let page = await browser.open(options.authorizeUrl);
  const transaction = fieldOf(page, 'transaction');
  if (transaction === undefined) throw new Error(messageOf(page));
  page = await browser.submit(page, '/authorize/sign-in?__host=auth.atlassian.com', {
    transaction,
    email: options.email,
  });
  page = await browser.submit(page, '/authorize/decision?__host=auth.atlassian.com', {
    transaction,
    cloudId: options.cloudId,
    decision: 'accept',
  });
  if (page.status !== 200 || !page.html.includes('role="status"')) throw new Error(messageOf(page));
}
