import { z } from 'zod';
import { fieldSources } from '../content/rules/fields.ts';
import { mostRules } from '../content/rules/limits.ts';
import { attachmentHandlings, imageForms, macroHandlings, tableForms } from '../content/rules/types.ts';

const mostTypes = 40;
const mostBytes = 10_000_000_000;

/** "One of a, b or c." */
function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  const quoted = values.map((value) => `"${value}"`);
  return z.enum(values, { error: `One of ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}.` });
}

/** Words for a name in a record that is none. */
const named = (words: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_key' ? words : undefined),
});

const fieldName = z.string().regex(/^\p{L}[\p{L}\p{N} _.-]{0,59}$/u);
const macroName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,99}$/u);
const fileType = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?:\.[\p{L}\p{N}][\p{L}\p{N}._+-]{0,29}|[a-z0-9][\w.+-]{0,99}\/(?:\*|[a-z0-9][\w.+-]{0,99}))$/u,
    'A media type such as application/pdf or image/*, or an extension such as .zip.',
  );

const fields = z
  .record(
    fieldName,
    z.strictObject({
      from: oneOf(fieldSources),
      default: z.string().max(500, 'At most 500 characters.').optional(),
    }),
    named('A field is named by a letter, then letters, digits, spaces, _ . and -: at most 60 characters.'),
  )
  .refine((all) => Object.keys(all).length <= mostRules.fields, `At most ${mostRules.fields} fields.`);

const macros = z.strictObject({
  default: oneOf(macroHandlings).optional(),
  byName: z
    .record(
      macroName,
      oneOf(macroHandlings),
      named('A macro is named as in the page’s source, for example "expand": at most 100 characters.'),
    )
    .refine((all) => Object.keys(all).length <= mostRules.macros, `At most ${mostRules.macros} macros.`)
    .optional(),
});

const attachments = z.strictObject({
  default: oneOf(attachmentHandlings).optional(),
  byType: z
    .array(
      z.strictObject({
        types: z
          .array(fileType)
          .min(1, 'At least one type of file.')
          .max(mostTypes, `At most ${mostTypes} types of files.`),
        handling: oneOf(attachmentHandlings),
      }),
    )
    .max(mostRules.types, `At most ${mostRules.types} exceptions.`)
    .optional(),
  maxBytes: z
    .int('A whole number of bytes.')
    .min(1, 'At least 1 byte.')
    .max(mostBytes, 'At most 10,000,000,000 bytes.')
    .optional(),
  larger: z.enum(['link', 'skip'], { error: 'Either "link" or "skip".' }).optional(),
});

/** What of a page becomes the record; the meaning of each is in content/rules/types.ts. */
export const contentSchema = z
  .strictObject({
    fields: fields.optional(),
    macros: macros.optional(),
    tables: oneOf(tableForms).optional(),
    images: oneOf(imageForms).optional(),
    attachments: attachments.optional(),
  })
  .meta({ id: 'ContentRules' });

export type ContentSettings = z.output<typeof contentSchema>;
