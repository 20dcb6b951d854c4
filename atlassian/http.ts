import { Agent, EnvHttpProxyAgent, request as send, type Dispatcher } from 'undici';
import type { Logger } from '../log.ts';
import {
  downloadRefusal,
  guardedLookup,
  isAtlassianHost,
  mediaHost,
  refusal,
  type Resolver,
} from './address.ts';
import { readBody } from './body.ts';
import { saveBody, type Download, type Downloaded } from './download.ts';
import { RefusedUrl, Truncated, type Evidence } from './errors.ts';
import { secretsOf } from './secrets.ts';
import { transportFailure } from './transport.ts';

export interface AtlassianRequest {
  method?: 'GET' | 'POST';
  /** Absolute; by its real name even when a gateway stands in. */
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  signal?: AbortSignal | undefined;
  /** For the whole exchange; default `timeouts.totalMs`. */
  totalMs?: number;
}

/** One answer, whatever its status. */
export interface AtlassianAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  /** `json`: parsed in `body`; `other`: the content type is not JSON, and `body` is undefined. */
  kind: 'json' | 'empty' | 'other';
  body: unknown;
  /** Atlassian's clock, or ours where the `Date` header is absent. */
  serverTime: Date;
  evidence: Evidence;
  /** Replaces the request's own secrets in a text that quotes the answer. */
  scrub(text: string): string;
}

/** The way out to Atlassian. One per process; safe for parallel use. */
export interface AtlassianHttp {
  /**
   * Sends once, without retry.
   * @throws RefusedUrl, NetworkFailure, TimedOut, Truncated, TooLarge; the signal's reason when aborted.
   */
  exchange(request: AtlassianRequest): Promise<AtlassianAnswer>;
  /**
   * Fetches a file from an address that Atlassian has given, without a redirect of its own. Status and length are
   * checked; what was written of a file that failed is left to the caller's cleaning up.
   * @throws as `exchange`; TooLarge above `maxBytes`; for other statuses the error that stands for them
   */
  download(request: Download): Promise<Downloaded>;
  /** Where a browser is to be sent for `url`: the same, or the gateway's address with `__host` added. */
  browserUrl(url: string): string;
  close(): Promise<void>;
}

export interface AtlassianHttpOptions {
  /** Origin that stands in for Atlassian's hosts; path and query stay, the host goes into `X-Forwarded-Host`. */
  gatewayUrl?: string | undefined;
  /** Hosts (`host` or `host:port`) that may have a private address. */
  allowedPrivateHosts: readonly string[];
  /** Further hosts that may be asked, such as a Data Center site. */
  siteHosts?: readonly string[];
  log: Logger;
  /** Defaults to the process environment. */
  env?: Record<string, string | undefined>;
  timeouts?: {
    connectMs?: number;
    headersMs?: number;
    bodyMs?: number;
    totalMs?: number;
    /** For a whole file. */
    downloadMs?: number;
  };
  /** Largest answer in bytes, default 64 MiB. */
  sizeCap?: number;
  /** For tests: name resolution. */
  resolver?: Resolver;
  /** Parallel connections per origin, default 16. */
  connections?: number;
}

export function createAtlassianHttp(options: AtlassianHttpOptions): AtlassianHttp {
  const { log } = options;
  const gateway = options.gatewayUrl === undefined ? null : new URL(options.gatewayUrl);
  const rules = { siteHosts: options.siteHosts ?? [], allowedPrivateHosts: options.allowedPrivateHosts };
  const times = {
    connectMs: 10_000,
    headersMs: 60_000,
    bodyMs: 30_000,
    totalMs: 120_000,
    downloadMs: 600_000,
    ...options.timeouts,
  };
  const cap = options.sizeCap ?? 64 * 1024 * 1024;
  const common = {
    headersTimeout: times.headersMs,
    bodyTimeout: times.bodyMs,
    keepAliveTimeout: 30_000,
    connections: options.connections ?? 16,
  };
  // An agent keeps a pool of connections per origin. The gateway is reached directly, never through a proxy.
  const toGateway = new Agent({ ...common, connect: { timeout: times.connectMs } });
  const toWorld = outward(options.env ?? process.env, {
    ...common,
    connect: { timeout: times.connectMs, lookup: guardedLookup(rules, options.resolver) },
  });

  async function exchange(request: AtlassianRequest): Promise<AtlassianAnswer> {
    const method = request.method ?? 'GET';
    const url = new URL(request.url);
    const evidence: Evidence = { method, path: url.pathname, status: null, traceId: null };
    const viaGateway = gateway !== null && isAtlassianHost(url.hostname);
    if (!viaGateway) {
      const reason = refusal(url, rules);
      if (reason !== null) throw new RefusedUrl(reason, evidence);
    }
    const target = viaGateway ? standIn(gateway, url) : url;
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'Sluice',
      ...request.headers,
    };
    if (viaGateway) headers['x-forwarded-host'] = url.host;
    if (request.json !== undefined) headers['content-type'] = 'application/json';

    const deadline = new AbortController();
    const totalMs = request.totalMs ?? times.totalMs;
    const timer = setTimeout(() => deadline.abort(), totalMs);
    const cancel = () => deadline.abort();
    request.signal?.addEventListener('abort', cancel, { once: true });
    const started = performance.now();
    try {
      request.signal?.throwIfAborted();
      const response = await send(target, {
        method,
        headers,
        body: request.json === undefined ? null : JSON.stringify(request.json),
        signal: deadline.signal,
        dispatcher: viaGateway ? toGateway : toWorld,
      });
      const received = flat(response.headers);
      evidence.status = response.statusCode;
      evidence.traceId = received['atl-traceid'] ?? received['x-trace-id'] ?? null;
      const bytes = await readBody(response.body, received['content-encoding'], cap, evidence);
      const answer = toAnswer(bytes, received, evidence, secretsOf(request));
      log.debug(
        { ...evidence, ms: Math.round(performance.now() - started), bytes: bytes.length },
        'atlassian',
      );
      return answer;
    } catch (error) {
      if (request.signal?.aborted === true) throw request.signal.reason;
      const failure = transportFailure(error, evidence, deadline.signal.aborted ? totalMs : null);
      log.debug({ ...evidence, failure: failure.code }, 'atlassian');
      throw failure;
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  async function download(request: Download): Promise<Downloaded> {
    const url = new URL(request.url);
    const evidence: Evidence = { method: 'GET', path: url.pathname, status: null, traceId: null };
    const viaGateway = gateway !== null && (isAtlassianHost(url.hostname) || url.hostname === mediaHost);
    const reason = viaGateway ? null : downloadRefusal(url, rules);
    if (reason !== null) throw new RefusedUrl(reason, evidence);
    const deadline = AbortSignal.timeout(times.downloadMs);
    try {
      request.signal?.throwIfAborted();
      const response = await send(viaGateway ? standIn(gateway, url) : url, {
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'Sluice',
          ...request.headers,
          ...(viaGateway ? { 'x-forwarded-host': url.host } : {}),
        },
        signal: AbortSignal.any([deadline, ...(request.signal === undefined ? [] : [request.signal])]),
        dispatcher: viaGateway ? toGateway : toWorld,
      });
      const received = flat(response.headers);
      evidence.status = response.statusCode;
      evidence.traceId = received['atl-traceid'] ?? null;
      const downloaded = await saveBody(response.body, received, request, evidence);
      const bytes = downloaded.kind === 'file' ? downloaded.bytes : null;
      log.debug({ ...evidence, bytes }, 'atlassian file');
      return downloaded;
    } catch (error) {
      if (request.signal?.aborted === true) throw request.signal.reason;
      const failure = transportFailure(error, evidence, deadline.aborted ? times.downloadMs : null);
      log.debug({ ...evidence, failure: failure.code }, 'atlassian file');
      throw failure;
    }
  }

  return {
    exchange,
    download,
    browserUrl(address) {
      const url = new URL(address);
      if (gateway === null || !isAtlassianHost(url.hostname)) return url.href;
      const target = standIn(gateway, url);
      target.searchParams.set('__host', url.host);
      return target.href;
    },
    close: async () => {
      await Promise.all([toGateway.destroy(), toWorld.destroy()]);
    },
  };
}

/** Set part by part: a path that begins with two slashes must not become a host. */
function standIn(gateway: URL, url: URL): URL {
  const target = new URL(gateway);
  target.pathname = url.pathname;
  target.search = url.search;
  return target;
}

function outward(env: Record<string, string | undefined>, settings: Agent.Options): Dispatcher {
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  if (httpsProxy === '') return new Agent(settings);
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return new EnvHttpProxyAgent({ ...settings, httpsProxy, httpProxy: '', noProxy });
}

function toAnswer(
  bytes: Buffer,
  headers: AtlassianAnswer['headers'],
  evidence: Evidence,
  scrub: (text: string) => string,
): AtlassianAnswer {
  const dated = new Date(headers['date'] ?? Number.NaN);
  const serverTime = Number.isNaN(dated.getTime()) ? new Date() : dated;
  const status = evidence.status ?? 0;
  const known = { status, headers, serverTime, evidence, scrub };
  if (bytes.length === 0) return { ...known, kind: 'empty', body: undefined };
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) {
    return { ...known, kind: 'other', body: undefined };
  }
  try {
    return { ...known, kind: 'json', body: JSON.parse(bytes.toString('utf8')) };
  } catch {
    // The parser's message quotes the document, which may hold a token.
    if (status < 400) throw new Truncated('The answer is not complete JSON.', evidence);
    return { ...known, kind: 'other', body: undefined };
  }
}

function flat(headers: Record<string, string | string[] | undefined>): AtlassianAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
