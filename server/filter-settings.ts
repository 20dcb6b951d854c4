import { z } from 'zod';
import { recordKinds } from '../search/types.ts';
import { accountIdPattern, labelPattern, spaceKeyPattern } from '../scope/values.ts';
import { timezone } from './sync-settings.ts';

const mostValues = 5_000;
const list = (of: z.ZodType<string, string>, what: string) =>
  z
    .strictObject({
      operator: z.enum(['in', 'not_in'], { error: 'Either "in" or "not_in".' }),
      values: z
        .array(of)
        .min(1, `At least one ${what}; leave the filter out for none.`)
        .max(mostValues, `At most ${mostValues.toLocaleString('en')}.`)
        .overwrite((values) => [...new Set(values)]),
    })
    .optional();

const spaceKey = z
  .string()
  .trim()
  .regex(spaceKeyPattern, 'A space key such as DOCS or ~712020abc: letters, digits, . _ and -.');
const contentId = z
  .string()
  .trim()
  .regex(/^\d{1,19}$/, 'An id such as 65551: digits only.');
const accountId = z.string().trim().regex(accountIdPattern, 'An account id, as the list of people shows it.');
export const labelName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'A label.')
  .max(255, 'At most 255 characters.')
  .regex(labelPattern, 'A label as Confluence writes it: no spaces, commas or brackets.');

const instant = z.iso.datetime({ offset: true, error: 'A time such as 2026-01-31T00:00:00Z.' });
const shownIn = timezone.optional().meta({
  description: 'The zone in which the times were entered, and are shown again. It decides nothing.',
});
const time = z
  .discriminatedUnion(
    'operator',
    [
      z.strictObject({ operator: z.literal('is_after'), from: instant, timezone: shownIn }),
      z.strictObject({ operator: z.literal('is_before'), to: instant, timezone: shownIn }),
      z
        .strictObject({ operator: z.literal('is_between'), from: instant, to: instant, timezone: shownIn })
        .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), {
          path: ['to'],
          error: 'The end is before the beginning.',
        }),
    ],
    { error: 'One of is_after (with from), is_before (with to), is_between (with both).' },
  )
  .optional();

/** Which content is wanted; the meaning of each is in scope/settings.ts. */
export const filtersSchema = z.strictObject({
  spaceKeys: list(spaceKey, 'space key'),
  pageIds: list(contentId, 'page id'),
  blogpostIds: list(contentId, 'blog post id'),
  labels: list(labelName, 'label'),
  contentTypes: list(z.enum(recordKinds, { error: `One of ${recordKinds.join(', ')}.` }), 'content type'),
  authors: list(accountId, 'account id'),
  modified: time,
  created: time,
});

export const scopeSchema = z
  .strictObject({
    by: z.enum(['filters', 'labels'], { error: 'Either "filters" or "labels".' }).optional(),
    pageLabel: labelName.optional(),
    treeLabel: labelName.optional(),
    archivedSpaces: z.boolean().optional(),
    personalSpaces: z.boolean().optional(),
  })
  .refine(({ pageLabel = 'ai-ingest', treeLabel = 'ai-ingest-all' }) => pageLabel !== treeLabel, {
    path: ['treeLabel'],
    error: 'Another label than the one for a page alone.',
  });

export const indexingSchema = z.strictObject({
  pages: z.boolean().optional(),
  pageAttachments: z.boolean().optional(),
  pageComments: z.boolean().optional(),
  blogposts: z.boolean().optional(),
  blogpostAttachments: z.boolean().optional(),
  blogpostComments: z.boolean().optional(),
  mode: z.enum(['automatic', 'manual'], { error: 'Either "automatic" or "manual".' }).optional(),
});
