import { Router } from 'express';
import { z } from 'zod';
import { reasons } from '../../scope/reasons.ts';
import type { AppParts } from '../app.ts';
import { settingsSchema } from '../settings.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { quotaSchema } from './forecast.ts';
import { orNull } from './schemas.ts';

const counts = {
  added: z.number(),
  removed: z.number(),
  kept: z.number(),
  leftOut: z.number().meta({ description: 'Left out now, and then.' }),
};
const reason = z.enum(reasons);
const sample = z.object({
  externalId: z.string(),
  kind: z.string(),
  title: z.string(),
  url: z.string(),
  spaceKey: z.string().nullable(),
});

const previewSchema = z
  .object({
    complete: z.boolean().meta({
      description: 'false: there was no time for all; counts of what is stored are at least so many.',
    }),
    stored: z.object(counts).meta({ description: 'Of the records that are stored.' }),
    kinds: z.array(z.object({ kind: z.string(), ...counts })),
    removedBy: z.array(z.object({ reason, records: z.number() })),
    addedBy: z.array(z.object({ reason: reason.nullable(), records: z.number() })),
    samples: z.object({ added: z.array(sample), removed: z.array(sample) }),
    site: z
      .object({
        state: z.enum(['not_needed', 'counted', 'unreachable']),
        message: z.string().nullable().meta({ description: 'Why it could not be counted.' }),
        atMost: z.boolean().meta({ description: 'Filters that look at each page leave out some of these.' }),
        new: z.object({
          spaces: z.number(),
          pages: z.number(),
          blogposts: z.number(),
          comments: z.number(),
          attachments: z.number(),
        }),
        spaces: z.array(z.object({ key: z.string(), name: z.string() })),
      })
      .meta({ description: 'What is not stored yet, by the site’s own counts: estimates.' }),
    warning: z.string().nullable(),
    cost: z
      .object({ requests: z.number(), points: z.number(), minutes: z.number(), waits: z.number() })
      .meta({ description: 'Of the sync that follows; an estimate.' }),
    quota: orNull(quotaSchema),
    synced: z.boolean(),
    settingsVersion: z.int().meta({ description: 'For If-Match, when these settings are saved.' }),
  })
  .meta({ id: 'SettingsPreview' });

/** What settings would change, before they are saved. */
export function createScopePreviewApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/settings/preview',
      tag: 'Connections',
      summary: 'What settings would add, remove and keep, and what that costs; stores nothing',
      body: settingsSchema,
      response: previewSchema,
      refusals: { 409: 'The connection is not authorized yet.' },
    },
    ({ req, params, body }) =>
      services.scopePreview.preview(resolveAdministrator(req), params['id'] ?? '', body),
  );
  return router;
}
