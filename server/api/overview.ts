import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { connectionSchema } from './schemas.ts';

const time = z.iso.datetime();
const people = z
  .object({ accounts: z.int(), matched: z.int() })
  .meta({ description: 'Accounts that can be people here, and how many are matched to a user.' });

export const overviewSchema = z
  .object({
    at: time,
    totals: z.object({
      connections: z.int(),
      needing: z.int().meta({ description: 'Connections that somebody must do something about.' }),
      syncing: z.int(),
      records: z.int(),
      failures: z.int(),
      requests: z.int(),
      points: z.int(),
      people,
    }),
    items: z.array(
      z.object({
        connection: connectionSchema,
        records: z.int().meta({ description: 'Indexed.' }),
        kinds: z.array(z.object({ kind: z.string(), records: z.int() })),
        failures: z.int(),
        contentReadAt: time
          .nullable()
          .meta({ description: 'End of the last sync of content that succeeded.' }),
        hour: z
          .object({ requests: z.int(), points: z.int() })
          .meta({ description: 'Sent and spent since the full hour.' }),
        quota: z
          .object({ points: z.int(), limit: z.int() })
          .nullable()
          .meta({ description: 'What all connections of the app spent of its hour; null: no quota counts.' }),
        people,
      }),
    ),
  })
  .meta({ id: 'Overview' });

/** All connections at a glance. */
export function createOverviewApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/overview',
      tag: 'Connections',
      summary: 'All connections with counts, freshness and cost, what needs somebody first',
      response: overviewSchema,
    },
    ({ req }) => services.overview.read(resolveAdministrator(req)),
  );
  return router;
}
