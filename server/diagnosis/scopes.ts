import { missingScopes } from '../../atlassian/scopes.ts';
import { failed, ok, skipped, type DiagnosisCheck } from './check.ts';
import { siteFailure, type Site } from './site.ts';

/** Which scopes are missing, by name, and what each of them is for; and whether the consent reaches the site. */
export function scopesCheck(site: () => Promise<Site | null>): Omit<DiagnosisCheck, 'connection'> {
  return {
    name: 'scopes',
    title: 'Scopes',
    why: 'Each kind of request needs its scope; without it Atlassian refuses all of that kind.',
    async look() {
      const opened = await site();
      if (opened === null) return skipped('Not looked at, because there is no credential.');
      const { auth, connection } = opened;
      if (auth.method === 'api_token') {
        return auth.scoped
          ? skipped('A scoped API token does not tell its scopes; a missing one shows in the rights below.')
          : ok('A classic API token is not limited by scopes.');
      }
      try {
        const sites = await auth.oauth.accessibleResources(await auth.accessToken());
        // One site is listed once for each product.
        const same = sites.filter(({ cloudId }) => cloudId === connection.cloud_id);
        const host = new URL(connection.site_url).host;
        if (same.length === 0) {
          return failed(`The consent does not reach ${host}.`, `Reauthenticate, and choose ${host}.`);
        }
        // Identity scopes are not listed with a site.
        const missing = missingScopes(['read:me', ...same.flatMap(({ scopes }) => scopes)]);
        if (missing.length === 0) return ok('All that are needed are granted.');
        const told = missing.map(({ scope, reason }) => `${scope} (${reason.replace(/\.$/, '')})`).join('; ');
        return failed(
          `Missing: ${told}.`,
          "Add them to the app in Atlassian's developer console, then reauthenticate: a consent has the scopes of its day.",
        );
      } catch (error) {
        const told = siteFailure(error);
        if (told === null) throw error;
        return told;
      }
    },
  };
}
