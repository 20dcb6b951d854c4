import { Router, type Response } from 'express';
import { z } from 'zod';
import { dryRunOutcomes } from '../../scope/dry-run-words.ts';
import type { AppParts } from '../app.ts';
import { recordKinds } from '../../search/types.ts';
import type { LogFormat } from '../services/run-log.ts';
import { resolveAdministrator } from '../viewer.ts';
import { sendFile } from './download.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const outcome = z.enum(dryRunOutcomes);
const kind = z.enum(recordKinds);
const space = z.string().nullable();

const reportSchema = z
  .object({
    runId: z.uuid(),
    connectionId: z.uuid(),
    candidate: z.boolean().meta({ description: 'It decided by settings that were given with it.' }),
    complete: z.boolean().meta({ description: 'false: not everything is compared yet.' }),
    spaces: z.number().meta({ description: 'In scope.' }),
    outcomes: z.array(z.object({ outcome, items: z.number(), points: z.number() })),
    reasons: z.array(z.object({ outcome, reason: z.string(), words: z.string(), items: z.number() })),
    kinds: z.array(z.object({ kind, outcome, items: z.number() })),
    bySpace: z.array(
      z.object({
        key: space,
        add: z.number(),
        update: z.number(),
        remove: z.number(),
        other: z.number(),
      }),
    ),
    cost: z
      .object({ requests: z.number(), points: z.number(), minutes: z.number(), waits: z.number() })
      .meta({ description: 'Of the full sync that it foretells; an estimate.' }),
  })
  .meta({ id: 'DryRunReport' });

const itemSchema = z
  .object({
    externalId: z.string(),
    kind,
    title: z.string(),
    url: z.string(),
    spaceKey: space,
    outcome,
    reason: z.string().nullable(),
    failure: z.string().nullable().meta({ description: 'Why it could not be read.' }),
    points: z.number().meta({ description: 'What a full sync spends on it.' }),
    words: z.string().nullable().meta({ description: 'The reason, or the failure, in words.' }),
  })
  .meta({ id: 'DryRunItem' });

const filter = {
  outcome: z
    .string()
    .optional()
    .meta({ description: `One of ${dryRunOutcomes.join(', ')}.` }),
  reason: z.string().max(100).optional(),
  kind: z.string().optional(),
  space: z.string().max(300).optional().meta({ description: 'Its key.' }),
  q: z.string().max(200).optional().meta({ description: 'In titles; or an id.' }),
};

const files = {
  csv: { type: 'text/csv', summary: 'The items of a dry run as a CSV for spreadsheets' },
  ndjson: { type: 'application/x-ndjson', summary: 'The items of a dry run, one JSON object a line' },
} as const satisfies Record<LogFormat, { type: string; summary: string }>;

/** The calls on reports of dry runs. They start by POST /connections/{id}/syncs. */
export function createDryRunsApi({ services, openapi }: AppParts): Router {
  const { dryRuns } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';
  endpoint(
    {
      method: 'get',
      path: '/syncs/{id}/report',
      tag,
      summary: 'What a dry run found: counts by outcome, reason, kind and space',
      response: reportSchema,
    },
    ({ req, params }) => dryRuns.report(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/syncs/{id}/report/items',
      tag,
      summary: 'What a full sync would do with each item',
      query: pageQuery.extend(filter),
      response: pageSchema(itemSchema),
    },
    ({ req, params, query }) => dryRuns.items(resolveAdministrator(req), params['id'] ?? '', query),
  );
  for (const format of ['csv', 'ndjson'] as const) {
    endpoint(
      {
        method: 'get',
        path: `/syncs/{id}/report/items.${format}`,
        tag,
        summary: files[format].summary,
        query: z.object(filter),
        response: z.string(),
        contentType: files[format].type,
      },
      async ({ req, res, params, query }) => {
        const id = params['id'] ?? '';
        const lines = await dryRuns.export(resolveAdministrator(req), id, query, format);
        await sendReport(res, id, format, lines);
      },
    );
  }
  return router;
}

/** The file's name tells which dry run it is of. */
export function sendReport(
  res: Response,
  runId: string,
  format: LogFormat,
  lines: AsyncIterable<string>,
): Promise<void> {
  return sendFile(res, { name: `dry-run-${runId.slice(0, 8)}.${format}`, type: files[format].type }, lines);
}
