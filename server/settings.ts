import { z } from 'zod';
import { interval, syncSchema } from './sync-settings.ts';

const names = z.array(z.string().trim().min(1)).max(1_000);
const audienceName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,59}$/u);
/** Words for a name in a record that is none. */
const badName = (words: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_key' ? words : undefined),
});
const groupId = z.string().regex(/^[\w:.-]{1,128}$/, 'The id of a group, as GET /groups lists them.');
const day = z.iso.datetime({ offset: true, error: 'A time such as 2026-01-31T00:00:00Z.' });

const timeFilter = z.discriminatedUnion('operator', [
  z.strictObject({ operator: z.literal('is_after'), from: day }),
  z.strictObject({ operator: z.literal('is_before'), to: day }),
  z.strictObject({ operator: z.literal('is_between'), from: day, to: day }),
]);

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

/** What may be set on a connection; unknown fields are refused by name. `filters`, `indexing` and `content` have no effect so far. */
export const settingsSchema = z.strictObject({
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
  scope: z
    .strictObject({ archivedSpaces: z.boolean().optional(), personalSpaces: z.boolean().optional() })
    .optional(),
  permissions: permissionsSchema.optional(),
  filters: z
    .strictObject({
      spaceKeys: names.optional(),
      pageIds: names.optional(),
      blogpostIds: names.optional(),
      labels: names.optional(),
      contentTypes: z.strictObject({ operator: z.enum(['in', 'not_in']), values: names }).optional(),
      modified: timeFilter.optional(),
      created: timeFilter.optional(),
    })
    .optional(),
  indexing: z
    .strictObject({
      pages: z.boolean().optional(),
      pageAttachments: z.boolean().optional(),
      pageComments: z.boolean().optional(),
      blogposts: z.boolean().optional(),
      blogpostAttachments: z.boolean().optional(),
      blogpostComments: z.boolean().optional(),
      mode: z.enum(['automatic', 'manual']).optional(),
    })
    .optional(),
  content: z.record(z.string(), z.unknown()).optional(),
});

export type Settings = z.output<typeof settingsSchema>;
