import { z } from 'zod';
import { settingsSchema } from '../../server/settings.ts';

const text = z.string().trim().min(1, 'Must not be empty.').max(2_000, 'At most 2,000 characters.');

/** Where a secret stands; the file itself never holds one. */
const secret = z.union(
  [z.strictObject({ env: text }), z.strictObject({ file: text })],
  'A secret never stands in this file. Write { env: NAME } for a variable, or { file: path }.',
);
export type SecretReference = z.output<typeof secret>;

const oauth = z
  .strictObject({
    method: z.literal('oauth'),
    app: text.optional(),
    clientId: text.optional(),
    clientSecret: secret.optional(),
  })
  .refine(
    ({ app, clientId, clientSecret }) =>
      app === undefined ? clientId !== undefined && clientSecret !== undefined : clientId === undefined,
    { error: 'Either app, the name of an OAuth app, or clientId with clientSecret.' },
  );

const apiToken = z.strictObject({
  method: z.literal('api_token'),
  email: text,
  token: secret,
  scoped: z.boolean().optional(),
  expiresAt: z.iso.date('A day such as 2027-03-31.').optional(),
});

const app = z.strictObject({ name: text, clientId: text, clientSecret: secret });

const connection = z.strictObject({
  name: text,
  product: z.literal('confluence', 'Only confluence can be connected so far.').default('confluence'),
  deployment: z.literal('cloud', 'Only cloud can be connected so far.').default('cloud'),
  siteUrl: z.url('An address such as https://company.atlassian.net.'),
  auth: z.discriminatedUnion(
    'method',
    [oauth, apiToken],
    'method is oauth or api_token, with its own fields.',
  ),
  enabled: z.boolean().optional(),
  settings: settingsSchema.optional(),
});

/** `connections.yaml`. Unknown fields are refused by name; docs/configuration-file.md tells of each. */
export const fileSchema = z
  .strictObject({
    version: z.literal(1, 'version is 1.'),
    oauthApps: z.array(app).max(100, 'At most 100.').default([]),
    connections: z.array(connection).max(1_000, 'At most 1,000.'),
  })
  .superRefine(({ oauthApps, connections }, context) => {
    for (const [list, entries] of Object.entries({ oauthApps, connections })) {
      const seen = new Set<string>();
      for (const [index, { name }] of entries.entries()) {
        if (seen.has(name.toLowerCase())) {
          context.addIssue({
            code: 'custom',
            path: [list, index, 'name'],
            message: `"${name}" is there twice.`,
          });
        }
        seen.add(name.toLowerCase());
      }
    }
  });

export type WantedFile = z.output<typeof fileSchema>;
export type WantedConnection = WantedFile['connections'][number];
export type WantedApp = WantedFile['oauthApps'][number];
