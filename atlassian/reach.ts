import { AtlassianError, RefusedUrl, TimedOut } from './errors.ts';
import { causesOf } from './transport.ts';

/** What stood between a request and any answer at all. */
export interface ReachFailure {
  kind: 'name' | 'refused' | 'timeout' | 'certificate' | 'proxy' | 'address' | 'broken';
  /** Of Node or the system; null where there is none. */
  code: string | null;
}

const names = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const refusals = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);
/** Of OpenSSL's verification and of Node's `tls` (nodejs.org/api/tls.html, "X509 certificate error codes"). */
const certificates =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|CRL_|HOSTNAME_MISMATCH|INVALID_|EPROTO$)/;

/** Why there was no answer; null where there was one, or the failure is of another kind. */
export function reachFailure(error: unknown): ReachFailure | null {
  if (!(error instanceof AtlassianError) || error.evidence.status !== null) return null;
  const causes = causesOf(error);
  const code = causes
    .map((each) => (each as NodeJS.ErrnoException).code)
    .find((each) => each !== undefined && !['network', 'timeout', 'refused_url'].includes(each));
  const kind = (): ReachFailure['kind'] | null => {
    if (error instanceof RefusedUrl) return 'address';
    if (causes.some(({ message }) => message.startsWith('Proxy response'))) return 'proxy';
    if (code !== undefined && names.has(code)) return 'name';
    if (code !== undefined && refusals.has(code)) return 'refused';
    if (code !== undefined && certificates.test(code)) return 'certificate';
    if (error instanceof TimedOut || code === 'ETIMEDOUT') return 'timeout';
    return error.code === 'network' || error.code === 'truncated' ? 'broken' : null;
  };
  const found = kind();
  return found === null ? null : { kind: found, code: code ?? null };
}
