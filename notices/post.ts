import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { guardedLookup, refusal, AddressRefused, type Resolver } from '../atlassian/address.ts';
import { causesOf } from '../atlassian/transport.ts';
import type { SignedMessage } from './message.ts';

/** How a try ended. `error` says what to do and holds nothing of the address but its host. */
export type PostResult = { ok: true; status: number } | { ok: false; status: number | null; error: string };

/** The way out to receivers of notices. One per process. */
export interface NoticePost {
  /** One try, ten seconds at most, no redirects. Never throws. */
  post(url: string, message: SignedMessage): Promise<PostResult>;
  /** Why nothing is posted to an address, in words; null where something may be. */
  refuse(url: string): string | null;
  close(): Promise<void>;
}

const totalMs = 10_000;
/** Of an answer nothing is read but its status; what is longer than this is cut off. */
const mostBytes = 64 * 1024;

/** `allowedPrivateHosts`: hosts (`host` or `host:port`) in private ranges; they may be reached without TLS, too. */
export function createNoticePost(options: {
  allowedPrivateHosts: readonly string[];
  env?: Record<string, string | undefined>;
  resolver?: Resolver;
  timeoutMs?: number;
}): NoticePost {
  const { allowedPrivateHosts } = options;
  const limitMs = options.timeoutMs ?? totalMs;
  const rules = { siteHosts: [], allowedPrivateHosts };
  const dispatcher = outward(options.env ?? process.env, {
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    connections: 8,
    connect: { timeout: limitMs, lookup: guardedLookup(rules, options.resolver) },
  });

  function refuse(text: string): string | null {
    if (!URL.canParse(text)) return 'This is no address. It begins with https://.';
    const url = new URL(text);
    const isAllowed = allowedPrivateHosts.includes(url.host) || allowedPrivateHosts.includes(url.hostname);
    if (url.protocol === 'http:' && isAllowed && url.username === '' && url.password === '') return null;
    return refusal(url, { siteHosts: [url.host], allowedPrivateHosts: isAllowed ? [url.host] : [] });
  }

  return {
    refuse,
    async post(url, { headers, body }) {
      const refused = refuse(url);
      if (refused !== null) return { ok: false, status: null, error: refused };
      const deadline = AbortSignal.timeout(limitMs);
      try {
        const answer = await request(url, { method: 'POST', headers, body, signal: deadline, dispatcher });
        const status = answer.statusCode;
        await answer.body.dump({ limit: mostBytes, signal: deadline }).catch(() => {});
        if (status >= 200 && status < 300) return { ok: true, status };
        return { ok: false, status, error: wordsOf(status) };
      } catch (error) {
        return { ok: false, status: null, error: failureOf(error, deadline.aborted, limitMs) };
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function wordsOf(status: number): string {
  if (status >= 300 && status < 400) {
    return `The receiver redirects (status ${status}), which is not followed. Enter its final address.`;
  }
  return `The receiver answered with status ${status}.`;
}

function failureOf(error: unknown, late: boolean, limitMs: number): string {
  const refused = causesOf(error).find((each) => each instanceof AddressRefused);
  if (refused !== undefined) return refused.message;
  const codes = causesOf(error).map((each) => (each as NodeJS.ErrnoException).code ?? '');
  if (late || codes.some((code) => /TIMEOUT/.test(code))) {
    return `The receiver did not answer within ${limitMs / 1000} seconds.`;
  }
  const code = codes.find((each) => each !== '') ?? 'the connection failed';
  return `The receiver could not be reached (${code}).`;
}

function outward(env: Record<string, string | undefined>, settings: Agent.Options): Dispatcher {
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  if (httpsProxy === '') return new Agent(settings);
  return new EnvHttpProxyAgent({
    ...settings,
    httpsProxy,
    httpProxy: '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  });
}
