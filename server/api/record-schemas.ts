import { z } from 'zod';
import { reasons } from '../../scope/reasons.ts';
import { recordKinds } from '../../search/types.ts';
import { recordSorts } from '../../store/record-order.ts';
import { toldStates } from '../../store/told-state.ts';
import { cursorParameter, filterParameters, several, text, wordsParameter } from './search-parameters.ts';

const oneOf = <T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `Must be one of ${values.join(', ')}.` });

const day = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'Must be a date or a time in ISO 8601, as 2026-01-31 or 2026-01-31T12:00:00Z.',
  })
  .transform((value) => new Date(value));

/** The id of a record. */
export const recordIdSchema = z.string().regex(/^[1-9]\d{0,17}$/, 'Must be the id of a record.');

/** What narrows a list of records, but for the connection. */
export const recordFilterParameters = {
  q: wordsParameter,
  space: filterParameters.space,
  type: filterParameters.type,
  label: several(text, { commas: true }),
  author: several(text, { commas: false }),
  state: oneOf(toldStates).optional(),
  reason: oneOf(reasons)
    .optional()
    .meta({ description: 'The rule that leaves it out, as stateReason names it.' }),
  parent: recordIdSchema
    .optional()
    .meta({ description: 'Id of a record: what lies directly below it, or belongs to it.' }),
  modifiedAfter: day.optional(),
  modifiedBefore: day.optional(),
};

/** The same, of a list that is named once and used again. */
export const recordFilters = z.strictObject(recordFilterParameters).meta({ id: 'RecordFilters' });

/** Query parameters of GET /records. */
export const recordsParameters = z.strictObject({
  ...recordFilterParameters,
  connection: filterParameters.connection,
  audience: filterParameters.audience,
  sort: oneOf(recordSorts).optional().meta({
    description:
      'title and state ascend, modified and created begin with the newest; without it, by id, newest first.',
  }),
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
    state: z.enum(toldStates),
    stateReason: z
      .enum(reasons)
      .nullable()
      .meta({ description: 'Of what is left out: the rule that does it.' }),
    stateWords: z.string().nullable().meta({ description: 'The same in words.' }),
    failure: z
      .object({ stage: z.string(), message: z.string(), nextRetryAt: z.string().nullable() })
      .nullable()
      .meta({ description: 'What of it could not be read; told to administrators alone.' }),
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
