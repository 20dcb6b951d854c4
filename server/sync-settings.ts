import { z } from 'zod';
import { cronFault } from '../temporal/cron.ts';

export const interval = z
  .int('A whole number of minutes.')
  .min(5, 'At least 5 minutes.')
  .max(10_080, 'At most 10,080 minutes (a week).');
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time such as 22:00, from 00:00 to 23:59.');

const syncWindow = z
  .strictObject({
    from: time,
    to: time,
    days: z
      .array(z.enum(days, { error: `One of ${days.join(', ')}.` }))
      .min(1, 'At least one day; leave days out for every day.')
      .refine((given) => new Set(given).size === given.length, 'Each day once.')
      .optional(),
  })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    error: 'Another time than from. For no limit, leave the window out.',
  })
  .meta({ description: 'Runs of the schedule begin and go on only within it, by `timezone`.' });

/** A time zone by its IANA name, in the case of the time zone data. */
export const timezone = z
  .string()
  .trim()
  .overwrite((name) => zoneNamed(name) ?? name)
  .refine((name) => zoneNamed(name) !== null, 'A time zone by its IANA name, for example Europe/Zurich.');

/** When a connection syncs, and how fast it may. */
export const syncSchema = z
  .strictObject({
    strategy: z
      .enum(['scheduled', 'manual'], { error: 'Either "scheduled" or "manual".' })
      .default('scheduled'),
    intervalMinutes: interval.optional(),
    cron: z.string().trim().max(200, 'At most 200 characters.').optional(),
    timezone: timezone.optional(),
    window: syncWindow.optional(),
    requestsPerMinute: z
      .int('A whole number, 1 to 3,000.')
      .min(1, 'At least 1 request a minute. To stop syncing, pause or disable the connection.')
      .max(3_000, 'At most 3,000 requests a minute.')
      .optional(),
  })
  .superRefine(({ intervalMinutes, cron, timezone: zone, window }, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (intervalMinutes !== undefined && cron !== undefined) {
      refuse('cron', 'Give an interval or a cron expression, not both.');
    }
    if (window !== undefined && (intervalMinutes ?? 0) > 1_440) {
      refuse(
        'intervalMinutes',
        'At most 1,440 minutes (a day) beside a window. Choose days of the window for less.',
      );
    }
    if (cron === undefined) return;
    const fault = cronFault(cron, zone === undefined ? undefined : (zoneNamed(zone) ?? undefined), window);
    if (fault !== null) refuse('cron', fault);
  });

/**
 * A time zone as the time zone data writes it (their files' names differ in case), or null. Offsets such as +01:00 are
 * no time zones: they know no summer.
 */
function zoneNamed(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // An old name of a zone resolves to its new one, or the other way round: kept as given where its case is right.
    const isWritten = /^(UTC|GMT|[A-Z]{3}|[A-Z][A-Za-z_]+(\/[A-Z][\w+-]*)+)$/.test(name);
    return isWritten && name.toLowerCase() !== timeZone.toLowerCase() ? name : timeZone;
  } catch {
    return null;
  }
}
