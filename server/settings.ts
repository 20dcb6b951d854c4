import { z } from 'zod';
import { contentSchema } from './content-settings.ts';
import { filtersSchema, indexingSchema, scopeSchema } from './filter-settings.ts';
import { interval, syncSchema } from './sync-settings.ts';

const audienceName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,59}$/u);
/** Words for a name in a record that is none. */
const badName = (words: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_key' ? words : undefined),
});
const groupId = z.string().regex(/^[\w:.-]{1,128}$/, 'The id of a group, as GET /groups lists them.');
/**
 * How permissions are read, and what the groups of the site mean here: roles by group id (store/group-roles.ts), and
 * named audiences (store/audiences.ts), whose names differ in more than their case.
 */
export const permissionsSchema = z.strictObject({
  intervalMinutes: interval.optional(),
  anonymousAccess: z.enum(['members', 'everyone'], { error: 'Either "members" or "everyone".' }).optional(),
  groupRoles: z
    .record(
      groupId,
      z.enum(['administrator', 'member'], { error: 'Either "administrator" or "member".' }),
      badName('Not the id of a group, as GET /groups lists them.'),
    )
    .refine((roles) => Object.keys(roles).length <= 200, 'At most 200 groups.')
    .optional(),
  audiences: z
    .record(
      audienceName,
      z.array(groupId).min(1, 'At least one group.').max(50, 'At most 50 groups.'),
      badName('An audience is named by letters, digits, spaces, - and _: at most 60 of them.'),
    )
    .refine((audiences) => Object.keys(audiences).length <= 100, 'At most 100 audiences.')
    .refine((audiences) => {
      const lowered = Object.keys(audiences).map((name) => name.toLowerCase());
      return new Set(lowered).size === lowered.length;
    }, 'Two names differ only in their case.')
    .optional(),
  comparedPairs: z
    .int('A whole number, 0 to 2,000.')
    .min(0, 'A whole number, 0 to 2,000.')
    .max(2_000, 'At most 2,000 pairs a night.')
    .optional(),
});

export type PermissionSettings = z.output<typeof permissionsSchema>;

/** What may be set on a connection; unknown fields are refused by name. */
export const settingsSchema = z
  .strictObject({
    sync: syncSchema.optional(),
    deletions: z
      .strictObject({
        askAbovePercent: z
          .int('A whole number of percent, 1 to 100.')
          .min(1, 'At least 1 percent.')
          .max(100, 'At most 100 percent.')
          .optional(),
      })
      .optional(),
    scope: scopeSchema.optional(),
    permissions: permissionsSchema.optional(),
    filters: filtersSchema.optional(),
    indexing: indexingSchema.optional(),
    content: contentSchema.optional(),
  })
  .meta({ id: 'Settings' });

export type Settings = z.output<typeof settingsSchema>;
