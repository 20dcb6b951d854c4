import { z } from 'zod';

/**
 * Pieces that the wire schemas share. Unknown fields are ignored and unknown kinds and statuses kept as they are;
 * what we need and is missing fails with its place in the document.
 */

/** ISO 8601, or milliseconds since 1970, which folders are seen to have. */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) {
    context.addIssue({ code: 'custom', message: `"${value}" is no time` });
    return z.NEVER;
  }
  return time;
});

/** Ids are strings in v2 and numbers in places of v1. */
export const id = z.union([z.string().min(1), z.number().transform(String)]);

export const optionalId = id.nullish().transform((value) => value ?? null);

export const version = z.object({
  number: z.number(),
  createdAt: instant,
  authorId: optionalId,
});

export const webLinks = z
  .object({ webui: z.string().nullish() })
  .nullish()
  .transform((links) => links?.webui ?? '');

export const storageBody = z
  .object({ storage: z.object({ value: z.string() }).nullish() })
  .nullish()
  .transform((body) => body?.storage?.value ?? null);

/** The envelope of v2's listings, and of v1's cursor listings. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    results: z.array(item),
    _links: z.object({ next: z.string().nullish(), base: z.string().nullish() }).nullish(),
  });
}

/** v1's pages by offset. `limit` is what the server used, which may be less than what was asked. */
export function offsetListOf<T extends z.ZodType>(item: T) {
  return z.object({
    results: z.array(item),
    limit: z.number().nullish(),
    size: z.number().nullish(),
    totalSize: z.number().nullish(),
    _links: z.object({ next: z.unknown().optional() }).nullish(),
  });
}

/** Parents that are no places of their own (a space's root) come as null or are absent. */
export const parent = {
  parentId: optionalId,
  parentType: z.string().nullish(),
};
