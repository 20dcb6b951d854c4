import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

export const errorSchema = z
  .object({
    error: z.object({
      code: z
        .string()
        .meta({ description: 'What a program acts on; each is explained in troubleshooting.md.' }),
      message: z.string().meta({ description: 'What happened and what to do, for people.' }),
      details: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({
          description:
            'Of `invalid_input`: `fields`, with a sentence for each field that was refused. Of what failed here: ' +
            '`requestId`, which stands in the lines of the log that tell more.',
        }),
    }),
  })
  .meta({ id: 'Error' });

const everywhere: Record<number, string> = {
  400: 'The request cannot be understood: broken JSON, a damaged cursor or address.',
  401: 'No key or session, or none that is good.',
  403: 'The caller may not do this.',
  404: 'Not there, or not to be seen by the caller.',
  422: 'Input that names its fields in details.fields.',
  500: 'Something failed here; the log tells more of the requestId in details.',
};

const ofChanges: Record<number, string> = {
  409: 'Not now: the state of the thing does not allow it.',
  413: 'The body is too large.',
  415: 'The body does not say that it is JSON.',
  503: 'The workflow engine does not answer; try again later.',
};

const one = (segment: string) => segment.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `GET /connections/{id}/audit-records.csv` is `getConnectionAuditRecordsCsv`: what stands before an id is singular. */
export function operationIdOf(method: string, path: string): string {
  const segments = path.split('/').slice(1);
  const words = segments.flatMap((segment, index) => {
    if (segment.startsWith('{')) return [];
    const named = segments[index + 1]?.startsWith('{') === true ? one(segment) : segment;
    return named.split(/[^A-Za-z0-9]+/);
  });
  return method + words.map(capital).join('');
}

/** Names whose thing a path's parameter is of: `connections/{id}` is the id of a connection. */
function pathParameters(path: string) {
  const segments = path.split('/');
  const described = segments.flatMap((segment, index) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    const of = one(segments[index - 1] ?? '').replaceAll('-', ' ');
    return name === undefined
      ? []
      : [[name, z.string().meta({ description: `Which ${of}, by its id.` })] as const];
  });
  return described.length === 0 ? undefined : z.object(Object.fromEntries(described));
}

/** Registers a call for /api/openapi.json: what it takes, what it answers, and every refusal that may come instead. */
export function describeEndpoint(
  openapi: OpenAPIRegistry,
  definition: Endpoint<z.ZodType, z.ZodType>,
  status: number,
): void {
  const { method, path, summary, tag, query, body, headers, response, otherwise } = definition;
  const contentType = definition.contentType ?? 'application/json';
  const content = (schema: z.ZodType, type: string) => ({ content: { [type]: { schema } } });
  const refusals = { ...everywhere, ...(method === 'get' ? {} : ofChanges), ...definition.refusals };
  const params = pathParameters(path);
  openapi.registerPath({
    method,
    path: `/api/v1${path}`,
    operationId: definition.operationId ?? operationIdOf(method, path),
    summary,
    tags: [capital(tag)],
    security: [{ apiKey: [] }],
    request: {
      ...(params !== undefined && { params }),
      ...(headers !== undefined && { headers }),
      ...(query !== undefined && { query: query as z.ZodObject }),
      ...(body !== undefined && { body: { required: true, ...content(body, 'application/json') } }),
    },
    responses: {
      [status]: { description: summary, ...(response !== undefined && content(response, contentType)) },
      ...(otherwise !== undefined && {
        [otherwise.status]: {
          description: otherwise.description,
          ...content(otherwise.response, 'application/json'),
        },
      }),
      ...Object.fromEntries(
        Object.entries(refusals).map(([code, description]) => [
          code,
          { description, ...content(errorSchema, 'application/json') },
        ]),
      ),
    },
  });
}
