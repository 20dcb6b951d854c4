import { z } from 'zod';
import { HOSTS } from '../hosts.ts';

const when = z.enum(['before', 'after']).default('before');

/**
 * What happens to a request that a rule hits. `when: 'after'` lets the route do its work first and spoils only the
 * answer: a refresh token that was rotated although the reply was lost.
 */
export const faultAction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    /** Sent as JSON, or as it is when it is a string. */
    body: z.unknown().optional(),
    when,
  }),
  z.object({
    kind: z.literal('rate-limit'),
    /** Seconds, `http-date` for a date `seconds` ahead, null for no header. */
    retryAfter: z.union([z.number(), z.literal('http-date'), z.null()]).default(1),
    seconds: z.number().default(30),
    reason: z.string().default('confluence-burst-based'),
  }),
  /** The connection ends without an answer. */
  z.object({ kind: z.literal('drop'), when }),
  /** Half of the body, its length told rightly: HTTP is whole, JSON is not. */
  z.object({ kind: z.literal('truncate') }),
  /** Half of the body, then the connection ends. */
  z.object({ kind: z.literal('cut') }),
  /** The header promises more bytes than come before the connection ends. */
  z.object({ kind: z.literal('wrong-length'), excess: z.int().positive().default(100) }),
  z.object({ kind: z.literal('login-page') }),
  z.object({ kind: z.literal('slow-body'), bytesPerSecond: z.number().positive() }),
  /** Bytes without end: blanks that keep the JSON open. */
  z.object({ kind: z.literal('endless-body'), bytesPerSecond: z.number().positive().default(1000) }),
  z.object({ kind: z.literal('delay'), ms: z.number().nonnegative(), when }),
  /** Held until `POST /__sandbox/barriers/<name>/release`. */
  z.object({ kind: z.literal('barrier'), name: z.string().min(1), when }),
  /** Replaces text in the body: a `next` link that leads astray, an answer of another shape. */
  z.object({ kind: z.literal('rewrite'), pattern: z.string(), replacement: z.string() }),
]);

export const faultRule = z.object({
  id: z.string().optional(),
  match: z
    .object({
      method: z.string().toUpperCase().optional(),
      /** A regular expression over path and query. */
      path: z.string().refine(isRegularExpression, 'path must be a regular expression').optional(),
      host: z.enum(HOSTS).optional(),
      accountId: z.string().optional(),
    })
    .default({}),
  /** So many matching requests pass untouched first. */
  after: z.int().nonnegative().default(0),
  /** So many are hit; without it, all that follow. */
  times: z.int().positive().optional(),
  /** Each is hit with this probability, drawn from the plan's seed. */
  probability: z.number().min(0).max(1).default(1),
  action: faultAction,
});

export type FaultAction = z.infer<typeof faultAction>;
export type FaultRuleInput = z.input<typeof faultRule>;
export type FaultRule = z.infer<typeof faultRule>;

function isRegularExpression(source: string): boolean {
  try {
    RegExp(source);
    return true;
  } catch {
    return false;
  }
}
