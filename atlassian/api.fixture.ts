import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { createApi, type ApiDeps } from './api.ts';
import { countSpending, unlimitedBudget } from './budget.ts';
import { apiTokenCredential } from './credential.ts';
import { sendJson, startServer, type TestServer } from './server.fixture.ts';

export type Answer = (response: ServerResponse, number: number) => void;

const open: TestServer[] = [];

/** Closes the servers of a test. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

/** A server that gives each answer in turn, the last one for ever, and an API whose waits are recorded, not waited. */
export async function setUp(answers: Answer[], overrides: Partial<ApiDeps> = {}) {
  let number = 0;
  const server = await startServer((_request, response) => {
    const answer = answers[Math.min(number, answers.length - 1)];
    number += 1;
    answer?.(response, number);
  });
  open.push(server);
  const waits: number[] = [];
  const blocks: { ms: number; reason: string }[] = [];
  const budget = countSpending({
    ...unlimitedBudget(),
    blockUntil: async (date, reason) => {
      blocks.push({ ms: date.getTime() - Date.now(), reason });
    },
  });
  const api = createApi({
    http: server.http,
    credential: apiTokenCredential({
      siteUrl: 'https://acme.atlassian.net',
      email: 'ada@acme.example',
      token: 'canary-api-token',
    }),
    budget,
    pause: async (ms) => void waits.push(ms),
    random: () => 0.5,
    ...overrides,
  });
  const call = (path = '/wiki/api/v2/things') =>
    api.call({
      path,
      query: { limit: 250, cursor: 'canary-cursor', id: ['1', '2'] },
      estimate: 251,
      schema: z.object({ results: z.array(z.object({ id: z.string() })) }),
      points: ({ results }) => 1 + results.length,
    });
  return { server, call, waits, blocks, budget };
}

export const ok: Answer = (response) => sendJson(response, 200, { results: [{ id: '1' }, { id: '2' }] });
export const status =
  (code: number, body: unknown = {}, headers = {}): Answer =>
  (response) =>
    sendJson(response, code, body, headers);
