import { sendJson, startServer, type TestServer } from './server.fixture.ts';

export interface TokenEndpoint extends TestServer {
  /** The refresh tokens that were sent, in order. */
  refreshes: string[];
  /** The pair given out first. */
  first: { accessToken: string; refreshToken: string };
  /** Moves its clock. */
  pass(minutes: number): void;
  /** The next answers, instead of what the rules say. */
  next: { status: number; body: unknown }[];
  /** Awaited before each answer. */
  hold: () => Promise<void>;
}

const leewayMs = 10 * 60_000;

/**
 * A token endpoint with rotation as Atlassian describes it: each refresh spends the token; a spent one is answered
 * again for ten minutes; later reuse kills the whole family. For tests.
 */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const refreshes: string[] = [];
  const spentAt = new Map<string, number>();
  let alive = new Set(['refresh-0']);
  let count = 0;
  let now = 0;
  const endpoint = { next: [] as TokenEndpoint['next'], hold: async () => {} };
  const server = await startServer(async (request, response) => {
    const { refresh_token: token } = JSON.parse(request.body) as { refresh_token: string };
    refreshes.push(token);
    await endpoint.hold();
    const planned = endpoint.next.shift();
    if (planned !== undefined) {
      sendJson(response, planned.status, planned.body);
      return;
    }
    const spent = spentAt.get(token);
    const late = spent !== undefined && now - spent > leewayMs;
    if (late) alive = new Set();
    if (late || (!alive.has(token) && spent === undefined) || alive.size === 0) {
      const body = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' };
      sendJson(response, 403, body);
      return;
    }
    count += 1;
    alive.delete(token);
    alive.add(`refresh-${count}`);
    if (spent === undefined) spentAt.set(token, now);
    sendJson(response, 200, {
      access_token: `access-${count}`,
      refresh_token: `refresh-${count}`,
      expires_in: 3600,
      scope: 'read:me offline_access',
    });
  });
  return Object.assign(endpoint, server, {
    refreshes,
    first: { accessToken: 'access-0', refreshToken: 'refresh-0' },
    pass: (minutes: number) => {
      now += minutes * 60_000;
    },
  });
}
