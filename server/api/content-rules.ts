import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { contentSchema } from '../content-settings.ts';
import { resolveAdministrator, resolveViewer } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { mappedFieldsSchema } from './record-schemas.ts';

const macrosSchema = z
  .object({
    sampled: z.number().int().meta({ description: 'Bodies that were looked at.' }),
    macros: z.array(
      z.object({
        name: z.string(),
        bodies: z.number().int().meta({ description: 'Of those that were looked at.' }),
      }),
    ),
  })
  .meta({ id: 'MacrosInUse' });

const side = z.object({ markdown: z.string(), text: z.string(), fields: mappedFieldsSchema });

const previewSchema = z
  .object({
    record: z.object({ id: z.string(), title: z.string(), url: z.string() }),
    before: side.meta({ description: 'By the rules of the connection.' }),
    after: side.meta({ description: 'By the rules that were sent.' }),
    changes: z
      .array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }))
      .meta({ description: 'What the Markdown of both differs in, in order.' }),
    cut: z.boolean().meta({ description: 'Only the first 50,000 characters were compared.' }),
  })
  .meta({ id: 'ContentPreview' });

const previewBody = z.strictObject({
  recordId: z.string().max(40).meta({ description: 'Id of a record that the caller may see.' }),
  content: contentSchema,
});

/** What content rules would make of a record, and which macros there are. Saving them is PUT /connections/{id}/settings. */
export function createContentRulesApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Connections';
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/content/macros',
      tag,
      summary: 'The macros in a sample of the content, most used first',
      response: macrosSchema,
    },
    ({ req, params }) => services.contentRules.macros(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/content/preview',
      tag,
      summary: 'A record by the present content rules and by others; nothing is saved',
      body: previewBody,
      response: previewSchema,
    },
    ({ req, res, params, body }) => {
      res.setHeader('cache-control', 'private, no-store');
      return services.contentRules.preview(
        resolveAdministrator(req),
        resolveViewer(req),
        params['id'] ?? '',
        body,
      );
    },
  );
  return router;
}
