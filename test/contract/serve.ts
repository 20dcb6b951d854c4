import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Caller, SandboxContext } from '../../sandbox/context.ts';
import { createSandbox } from '../../sandbox/app.ts';
import { confluenceRouter } from '../../sandbox/confluence/router.ts';
import { mediaRouter } from '../../sandbox/confluence/media.ts';
import type { SandboxOptions } from '../../sandbox/options.ts';
import type { World } from '../../sandbox/world/types.ts';

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
  /** The body's `_links`; of no body, none. */
  links: { next?: string; base?: string; context?: string };
}

export interface Site {
  context: SandboxContext;
  /** Sends as this account (null: a visitor), with these scopes or without limit. */
  send(
    path: string,
    how?: {
      as?: string | null;
      scopes?: string[];
      method?: string;
      body?: unknown;
      headers?: Record<string, string>;
    },
  ): Promise<Reply>;
  /** Points charged for the last answer, beyond its base. */
  lastCharge(): { core: number; identity: number };
  close(): Promise<void>;
}

/** Confluence's routes of the sandbox on a port of their own, with callers that are taken at their word. */
export async function serve(world: World, options: Partial<SandboxOptions> = {}): Promise<Site> {
  const { context } = createSandbox({ world, options });
  let charged = { core: 0, identity: 0 };
  const metered: SandboxContext = {
    ...context,
    meter: {
      ...context.meter,
      charge: (_res, { core = 0, identity = 0 }) => {
        charged = { core, identity };
      },
    },
  };
  const app = express();
  app.use((req, res, next) => {
    charged = { core: 0, identity: 0 };
    const account = req.header('x-account');
    const scopes = req.header('x-scopes');
    const caller: Caller = {
      accountId: account === undefined ? null : account,
      scopes: scopes === undefined ? null : new Set(scopes.split(' ')),
      via: 'oauth',
      appId: 'app',
    };
    res.locals.caller = caller;
    next();
  });
  app.use('/ex/confluence/:cloudId', confluenceRouter(metered));
  app.use(confluenceRouter(metered), mediaRouter(metered));
  const server = app.listen(0, '127.0.0.1');
  // Schemas are compiled between requests, for longer than Node keeps a connection.
  server.keepAliveTimeout = 65_000;
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    context,
    lastCharge: () => charged,
    async send(path, { as = 'ada', scopes, method = 'GET', body, headers = {} } = {}) {
      const response = await fetch(origin + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(as === null ? {} : { 'x-account': as }),
          ...(scopes === undefined ? {} : { 'x-scopes': scopes.join(' ') }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      const json = isJson ? (JSON.parse(text) as { _links?: Reply['links'] }) : undefined;
      return {
        status: response.status,
        headers: response.headers,
        text,
        json,
        links: json?.['_links'] ?? {},
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
