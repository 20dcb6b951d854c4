import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from '../temporal/engine.ts';
import { readReadiness } from '../temporal/readiness.ts';

const check = z.object({ ok: z.boolean(), message: z.string() });
const readiness = z
  .object({
    ok: z.boolean(),
    checks: z.object({ database: check, migrations: check, engine: check }),
  })
  .meta({ id: 'Readiness' });

/**
 * `/healthz`: the process lives (for restarting it). `/readyz`: it can do its work (for sending it requests): the
 * database answers and its schema is current. The engine is told of and does not count: search works without it.
 */
export function healthRouter(deps: {
  db: Kysely<Database>;
  engine: Pick<SyncEngine, 'health'>;
  openapi: OpenAPIRegistry;
}): Router {
  const router = Router();
  describe(deps.openapi);
  router.get('/healthz', (_req, res) => void res.json({ ok: true }));
  router.get('/readyz', async (_req, res) => {
    const answer = await readReadiness({ ...deps, needsEngine: false });
    res.status(answer.ok ? 200 : 503).json(answer);
  });
  return router;
}

function describe(openapi: OpenAPIRegistry): void {
  const json = (description: string, schema: z.ZodType) => ({
    description,
    content: { 'application/json': { schema } },
  });
  openapi.registerPath({
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Whether the process lives',
    tags: ['Health'],
    security: [],
    responses: { 200: json('It lives.', z.object({ ok: z.literal(true) })) },
  });
  openapi.registerPath({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'Whether it can do its work, and each thing that it stands on',
    tags: ['Health'],
    security: [],
    responses: { 200: json('It can.', readiness), 503: json('It cannot now: `checks` says why.', readiness) },
  });
}
