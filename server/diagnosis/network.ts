import type { AtlassianAnswer, AtlassianHttp } from '../../atlassian/http.ts';
import { reachFailure, type ReachFailure } from '../../atlassian/reach.ts';
import { failed, ok, type DiagnosisCheck, type Finding } from './check.ts';

/** Answered by Atlassian to everybody, with a refusal where no token is sent: any answer will do. */
const probeUrl = 'https://api.atlassian.com/oauth/token/accessible-resources';
const patienceMs = 8_000;

/** One answer of Atlassian's, with our clock before and after. */
export interface Probe {
  answer: AtlassianAnswer;
  sentAt: number;
  receivedAt: number;
}

/** @throws AtlassianError where no answer comes */
export async function probeAtlassian(http: Pick<AtlassianHttp, 'exchange'>): Promise<Probe> {
  const sentAt = Date.now();
  const answer = await http.exchange({ url: probeUrl, totalMs: patienceMs });
  return { answer, sentAt, receivedAt: Date.now() };
}

/** Whether Atlassian is reached, and what stands between: each kind of obstacle has its own remedy. */
export function networkCheck(probe: () => Promise<Probe>): DiagnosisCheck {
  return {
    name: 'network',
    title: 'Way to Atlassian',
    why: 'Without it nothing is read and no token is renewed.',
    async look() {
      try {
        const { sentAt, receivedAt } = await probe();
        return ok(`api.atlassian.com answers (${receivedAt - sentAt} ms).`);
      } catch (error) {
        const failure = reachFailure(error);
        if (failure === null) throw error;
        return unreached(failure);
      }
    },
  };
}

const words: Record<ReachFailure['kind'], readonly [found: string, remedy: string]> = {
  name: [
    'The name api.atlassian.com, or that of the proxy, is not resolved',
    'Look at DNS of this machine or container; where only a proxy leads out, set HTTPS_PROXY.',
  ],
  refused: [
    'The connection is refused',
    'A firewall, or a proxy that is not running: open the way to api.atlassian.com and auth.atlassian.com on port 443, or correct HTTPS_PROXY.',
  ],
  timeout: [
    'No answer comes in time',
    'A firewall that says nothing, mostly: open the way to api.atlassian.com on port 443, or set HTTPS_PROXY.',
  ],
  certificate: [
    'The certificate is not trusted, or TLS does not come about',
    'Something between opens TLS, such as a proxy: put its certificate authority in a file, name it in NODE_EXTRA_CA_CERTS and restart.',
  ],
  proxy: [
    'The proxy refuses',
    'Allow api.atlassian.com, auth.atlassian.com and the site there, or correct HTTPS_PROXY.',
  ],
  address: [
    'The address that the name resolves to is in a private range, and is refused',
    'Look at DNS: Atlassian has public addresses. Where only a proxy leads out, set HTTPS_PROXY.',
  ],
  broken: [
    'The connection breaks off',
    'Look at what stands between: a proxy, a firewall, a broken network.',
  ],
};

export function unreached({ kind, code }: ReachFailure): Finding {
  const [found, remedy] = words[kind];
  return failed(`${found}${code === null ? '' : ` (${code})`}.`, remedy);
}
