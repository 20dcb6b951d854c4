import { z } from 'zod';
import { recordKinds } from '../../search/types.ts';

const user = z.email('Must be the email of a user of Sluice.').optional();

export const accessParameters = z.strictObject({ user });

/** Query parameters of GET /explain. */
export const explainParameters = z.strictObject({
  item: z
    .string({ error: 'Give the address, the id or the title of what you ask about.' })
    .trim()
    .min(1, 'Give the address, the id or the title of what you ask about.')
    .max(2_000, 'At most 2,000 characters.')
    .refine((text) => !text.includes('\0'), 'Must not hold the character NUL.'),
  user,
  connection: z.uuid('Must be the id of a connection.').optional(),
});

const time = z.string().nullable();
const named = z.object({ principal: z.string(), name: z.string().nullable() });
const freshness = {
  readAt: time.meta({ description: 'When a run that reads all access ended well last.' }),
  oldestReadAt: time.meta({ description: 'When what was read longest ago was read.' }),
  promisedSeconds: z.number().nullable().meta({
    description: 'A change in Atlassian counts within so many seconds, by the pace of the last runs.',
  }),
  nextReadAt: time.meta({
    description:
      'When the next permission sync is, or was, due; null when none is planned, and before the first.',
  }),
};

const match = {
  accounts: z.array(
    z.object({
      accountId: z.string(),
      name: z.string(),
      source: z.enum(['sign_in', 'grant', 'administrator', 'email']),
    }),
  ),
  code: z.string().meta({ description: '`matched`, or why no account of the site is this person.' }),
  reason: z.string(),
  remedy: z.string().nullable(),
};

const layer = z.object({
  kind: z.enum(['product', 'space', 'content']),
  sourceId: z.string(),
  name: z.string().nullable(),
  state: z.enum(['known', 'unknown']),
  admitted: z.boolean(),
  by: named.nullable().meta({ description: 'The first of the admissions.' }),
  admissions: z
    .array(
      named.extend({
        path: z.string().meta({ description: 'In words, how the person comes by it.' }),
        groups: z.array(z.object({ id: z.string(), name: z.string(), readAt: time })),
        roles: z.array(z.string()),
      }),
    )
    .meta({ description: "Every principal of the person's that the layer admits, at most ten." }),
  moreAdmissions: z.number().int(),
  admits: z
    .object({ principals: z.array(named.extend({ known: z.boolean() })), more: z.number().int() })
    .nullable()
    .meta({ description: 'Whom the layer admits, at most ten by name: for administrators.' }),
  reason: z
    .string()
    .nullable()
    .meta({ description: 'Of a layer that is not known: what could not be read.' }),
  readAt: time,
});

export const accessSchema = z
  .object({
    record: z.object({
      id: z.string(),
      externalId: z.string(),
      type: z.enum(recordKinds),
      title: z.string(),
      url: z.string(),
      space: z.object({ key: z.string(), name: z.string() }).nullable(),
    }),
    user: z.object({ email: z.string() }),
    accountId: z.string().nullable().meta({ description: 'The Atlassian account that decided.' }),
    visible: z.boolean().meta({ description: 'Whether search shows it to this person.' }),
    reason: z.string(),
    match: z.object(match).nullable().meta({ description: 'Who the person is on the site.' }),
    layers: z.array(layer).meta({ description: 'Outermost first; every one must admit the person.' }),
    obstacles: z
      .array(z.object({ code: z.string(), message: z.string(), hides: z.boolean() }))
      .meta({ description: 'What keeps it from everybody, or went wrong with it: for administrators.' }),
    placesReadAt: time.meta({
      description:
        'When the oldest reading of its own restriction, or of one above it, was made; none is a reading, too.',
    }),
    ...freshness,
  })
  .meta({ id: 'Access' });

export const explainSchema = z
  .object({
    user: z.object({ email: z.string() }),
    asked: z.enum(['url', 'id', 'title']).meta({ description: 'How the item was understood.' }),
    visible: z.boolean().meta({ description: 'Something is there, and the person may see all of it.' }),
    reason: z.string(),
    items: z
      .array(accessSchema)
      .meta({ description: 'At most ten. To others than administrators only what they may see.' }),
    more: z.boolean(),
    absence: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .meta({ description: 'Why nothing like it is stored: for administrators.' }),
    possibleReasons: z.array(z.string()).meta({
      description: 'Every reason that there can be: the same whether or not there is such an item.',
    }),
    sites: z.array(
      z.object({
        connectionId: z.string(),
        connection: z.string(),
        visitor: z.boolean(),
        ...match,
        ...freshness,
      }),
    ),
    remedies: z.array(z.string()),
  })
  .meta({ id: 'Explanation' });
