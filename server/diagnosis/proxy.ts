import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failed, ok, type DiagnosisCheck } from './check.ts';

/** HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS as this process has them. */
export function proxyCheck(env: Record<string, string | undefined>): DiagnosisCheck {
  const proxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const file = env['NODE_EXTRA_CA_CERTS'] ?? '';
  return {
    name: 'proxy',
    title: 'Proxy and certificates',
    why: 'They decide how requests leave the network. The worker has variables of its own: give it the same.',
    async look() {
      const found: string[] = [];
      if (proxy === '') found.push('No proxy is set: requests go out directly.');
      else {
        const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
        if (url === null || !/^https?:$/.test(url.protocol)) {
          return failed(
            'HTTPS_PROXY is no address of an http proxy.',
            'Write it like http://proxy.example.com:3128.',
          );
        }
        // Without user and password.
        found.push(`Requests go through the proxy ${url.protocol}//${url.host}.`);
        if (noProxy !== '') found.push(`Past it: ${noProxy}.`);
      }
      if (file === '') return ok([...found, 'Node’s own certificate authorities are trusted.'].join(' '));
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
        return failed(
          `${found.join(' ')} NODE_EXTRA_CA_CERTS names a file that cannot be read (${code}).`,
          'Correct the path, or the rights of the file, and restart: Node reads it once, at its start.',
        );
      }
      const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
      const expired = certificates.filter((each) => isOver(each));
      if (certificates.length === 0 || expired.length > 0) {
        return failed(
          certificates.length === 0
            ? 'NODE_EXTRA_CA_CERTS names a file without a certificate that can be read.'
            : `${expired.length} of ${certificates.length} certificates in NODE_EXTRA_CA_CERTS have expired or cannot be read.`,
          'Put the authority of your proxy into the file, in PEM, and restart.',
        );
      }
      found.push(`Trusted besides Node's own authorities: ${certificates.length} from NODE_EXTRA_CA_CERTS.`);
      return ok(found.join(' '));
    },
  };
}

function isOver(pem: string): boolean {
  try {
    return new X509Certificate(pem).validToDate.getTime() < Date.now();
  } catch {
    return true;
  }
}
