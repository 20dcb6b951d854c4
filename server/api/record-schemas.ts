import { z } from 'zod';
import { recordKinds } from '../../search/types.ts';
import { cursorParameter, filterParameters, wordsParameter } from './search-parameters.ts';

const states = ['indexed', 'pending', 'filtered', 'failed', 'manual'] as const;

/** Query parameters of GET /records. */
export const recordsParameters = z.strictObject({
  q: wordsParameter,
  ...filterParameters,
  state: z.enum(states, { error: `Must be one of ${states.join(', ')}.` }).optional(),
  cursor: cursorParameter,
  limit: z.coerce
    .number({ error: 'Must be a whole number from 1 to 200.' })
    .int('Must be a whole number from 1 to 200.')
    .min(1, 'Must be a whole number from 1 to 200.')
    .max(200, 'Must be a whole number from 1 to 200.')
    .default(50),
});

/** Named fields by a connection's content rules. */
export const mappedFieldsSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.null()]))
  .meta({ description: 'Named by the content rules of the connection; empty where these name none.' });

const place = z.object({
  id: z.string(),
  externalId: z.string(),
  type: z.string(),
  title: z.string(),
  url: z.string(),
});

export const recordSchema = z
  .object({
    id: z.string(),
    externalId: z.string(),
    connectionId: z.string(),
    type: z.enum(recordKinds),
    state: z.enum(states),
    title: z.string(),
    url: z.string(),
    space: z.object({ key: z.string(), name: z.string() }).nullable(),
    ancestors: z.array(place).meta({ description: 'Outermost first; only those that the caller may see.' }),
    author: z.object({ accountId: z.string(), name: z.string() }).nullable(),
    labels: z.array(z.string()),
    createdAt: z.string().nullable(),
    modifiedAt: z.string().nullable(),
    status: z.string().meta({ description: 'As Atlassian has it: current, archived.' }),
    version: z.number().int(),
    readable: z
      .boolean()
      .meta({ description: 'Whether the viewer may see it. Where not, markdown and raw are null.' }),
    markdown: z.string().nullable(),
    raw: z.string().nullable(),
    fields: mappedFieldsSchema,
  })
  .meta({ id: 'Record' });

export const recordsPage = z.object({ items: z.array(recordSchema), nextCursor: z.string().nullable() });
