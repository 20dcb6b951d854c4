import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';

const count = z.int();

export const diagnosisSchema = z
  .object({
    at: z.iso.datetime(),
    ok: z.boolean().meta({ description: 'Nothing has failed.' }),
    counts: z.object({ ok: count, warning: count, failed: count, skipped: count }),
    checks: z.array(
      z.object({
        name: z.string().meta({ description: 'Stable: docs/diagnosis.md lists them.' }),
        title: z.string(),
        connection: z.object({ id: z.uuid(), name: z.string() }).nullable(),
        state: z.enum(['ok', 'warning', 'failed', 'skipped']),
        found: z.string(),
        why: z.string(),
        remedy: z.string().nullable(),
        docs: z.string(),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' });

/** What a sync stands on, looked at now. */
export function createDiagnosisApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/diagnosis',
      tag: 'Health',
      summary: 'Looks at all that a sync stands on, with a remedy for what is wrong',
      query: z.object({
        connection: z
          .string()
          .optional()
          .meta({ description: 'Id of a connection; absent: the installation and the first connections.' }),
      }),
      response: diagnosisSchema,
    },
    ({ req, query }) => services.diagnosis.run(resolveAdministrator(req), query),
  );
  return router;
}
