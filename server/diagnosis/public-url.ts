import { callbackPath } from '../oauth/paths.ts';
import { failed, ok, warning, type DiagnosisCheck } from './check.ts';

/** PUBLIC_URL: whether Atlassian would send browsers back to it, and they find us there. */
export function publicUrlCheck(publicUrl: string, origin: string | null): DiagnosisCheck {
  return {
    name: 'public_url',
    title: 'Public URL',
    why: 'Atlassian sends browsers back to it after a consent, and it must be the redirect URL of the OAuth app to the letter.',
    async look() {
      const url = new URL(publicUrl);
      const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
      const redirect = `The redirect URL is ${publicUrl}${callbackPath}.`;
      if (url.protocol === 'http:' && !local) {
        return failed(
          `${redirect} Atlassian takes http for localhost alone.`,
          'Serve Sluice by https, and set PUBLIC_URL to that address.',
        );
      }
      if (origin !== null && origin !== publicUrl) {
        return warning(
          `${redirect} You have reached Sluice at ${origin}.`,
          `If people use ${origin}, set PUBLIC_URL to it and change the redirect URL of the OAuth app; behind a reverse proxy set TRUST_PROXY.`,
        );
      }
      return ok(`${redirect} Compare it with the app in Atlassian's developer console.`);
    },
  };
}
