import { z } from 'zod';
import { recordKinds } from '../../search/types.ts';

export const text = z
  .string()
  .max(200, 'At most 200 characters.')
  .refine((value) => !value.includes('\0'), 'Holds a NUL character.');

/** One value or several: `?space=HR&space=OPS` and `?space=HR,OPS` mean the same. */
export function several<T>(item: z.ZodType<T, string>, options: { commas: boolean }) {
  return z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value) => {
      const given = value === undefined ? [] : [value].flat();
      const values = given.flatMap((one) => (options.commas ? one.split(',') : [one]));
      const filled = values.map((one) => one.trim()).filter((one) => one !== '');
      return filled.length === 0 ? undefined : filled;
    })
    .pipe(z.array(item).max(50, 'At most 50 values.').optional());
}

/** Filters that search and records share, as a URL has them. Empty values count as absent. */
export const filterParameters = {
  connection: several(z.uuid('Must be the id of a connection, as GET /connections lists them.'), {
    commas: true,
  }),
  space: several(text, { commas: true }),
  type: several(
    z.enum(recordKinds, { error: `Must be one of ${recordKinds.join(', ')}.` }) as z.ZodType<
      (typeof recordKinds)[number],
      string
    >,
    { commas: true },
  ),
  audience: several(text, { commas: true }),
} as const;

/** The query words. Longer ones are read up to search/query.ts' bounds. */
export const wordsParameter = z.string().max(4000, 'At most 4,000 characters.').default('');

export const cursorParameter = z.string().max(1000, 'Not a cursor of this list.').optional();

/** Query parameters of GET /search. */
export const searchParameters = z.strictObject({
  q: wordsParameter,
  ...filterParameters,
  label: several(text, { commas: true }),
  author: several(text, { commas: false }),
  modifiedAfter: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: 'Must be a date or a time in ISO 8601, as 2026-01-31 or 2026-01-31T12:00:00Z.',
    })
    .transform((value) => new Date(value))
    .optional(),
  cursor: cursorParameter,
  limit: z.coerce
    .number({ error: 'Must be a whole number from 1 to 50.' })
    .int('Must be a whole number from 1 to 50.')
    .min(1, 'Must be a whole number from 1 to 50.')
    .max(50, 'Must be a whole number from 1 to 50.')
    .optional(),
  prefix: z
    .enum(['true', 'false', '1', '0'], { error: 'Must be true or false.' })
    .transform((value) => value === 'true' || value === '1')
    .optional(),
});
