import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { createLogger } from '../log.ts';
import { createAtlassianHttp, type AtlassianHttp, type AtlassianHttpOptions } from './http.ts';

export interface SeenRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface TestServer {
  url: string;
  seen: SeenRequest[];
  /** Everything that the client has logged, at the level `trace`. */
  logged(): string;
  http: AtlassianHttp;
  close(): Promise<void>;
}

/** A real HTTP server in Atlassian's place, and a client that is sent to it. For tests. */
export async function startServer(
  answer: (request: SeenRequest, response: ServerResponse) => void | Promise<void>,
  options: Partial<AtlassianHttpOptions> = {},
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const told = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(told);
      void answer(told, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let logged = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const http = createAtlassianHttp({
    gatewayUrl: url,
    allowedPrivateHosts: [],
    log: createLogger('trace', sink),
    env: {},
    ...options,
  });
  return {
    url,
    seen,
    http,
    logged: () => logged,
    close: async () => {
      await http.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** All that an error tells: message, stack, fields, causes. For the hunt after secrets. */
export function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = JSON.stringify(error, (_key, value: unknown) =>
    value instanceof Error ? `${value.stack}` : value,
  );
  return `${error.stack} ${fields} ${error.cause === undefined ? '' : everythingOf(error.cause)}`;
}
