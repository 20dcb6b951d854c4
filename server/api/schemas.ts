import { z } from 'zod';
import { apiKeyScopes } from '../actor.ts';
import { settingsSchema } from '../settings.ts';

/** The zod twins of views.ts, for /api/openapi.json. A test holds answers against them. */
const time = z.iso.datetime();
const nullableText = z.string().nullable();

/**
 * A schema that is a component of the document, or null. `schema.nullable()` would make the component itself nullable
 * everywhere.
 */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** Of the calls that answer for a viewer. */
export const viewerHeader = z.object({
  'X-Sluice-User': z.string().optional().meta({
    description:
      'The email of the user with whose eyes is read; needs a key with the scope `impersonate`. Without it: the owner of the key.',
  }),
});

export const pageQuery = z.strictObject({
  cursor: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: nullableText });

export const userSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    emailVerified: z.boolean(),
    name: z.string(),
    role: z.enum(['administrator', 'member']).meta({ description: 'As stored.' }),
    effectiveRole: z
      .enum(['administrator', 'member'])
      .meta({ description: 'The stronger of the stored role and those that groups of Atlassian give.' }),
    roleThrough: z
      .object({
        connection: z.object({ id: z.uuid(), name: z.string() }),
        group: z.object({ id: z.string(), name: z.string() }),
      })
      .nullable()
      .meta({ description: 'Where the effective role is from when it is stronger than the stored one.' }),
    active: z.boolean(),
    accounts: z.array(
      z.object({ accountId: z.string(), source: z.enum(['sign_in', 'grant', 'administrator']) }),
    ),
    createdAt: time,
    signedInAt: time.nullable(),
    invitation: z
      .object({ expiresAt: time })
      .nullable()
      .meta({ description: 'The link by which this person may set a password, where one is out.' }),
  })
  .meta({ id: 'User' });

export const apiKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(apiKeyScopes)),
    owner: z.object({ id: z.uuid(), email: z.string() }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const oauthAppSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    clientId: z.string(),
    connections: z.int(),
    createdAt: time,
  })
  .meta({ id: 'OAuthApp' });

export const runSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    kind: z.enum(['full', 'incremental', 'permissions', 'sweep']),
    dryRun: z.boolean().meta({ description: 'It only tells what a sync of that kind would do.' }),
    trigger: z.enum(['manual', 'schedule', 'setup']),
    state: z.enum(['queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled']),
    cause: nullableText,
    message: nullableText,
    counts: z.object({
      seen: z.number(),
      indexed: z.number(),
      unchanged: z.number(),
      filtered: z.number(),
      failed: z.number(),
      deleted: z.number(),
    }),
    requests: z.number(),
    points: z.number(),
    waitingUntil: time.nullable(),
    heartbeatAt: time.nullable().meta({ description: 'The last sign of life of a step.' }),
    changes: z
      .record(z.string(), z.number())
      .meta({ description: 'What it changed, by name: added, updated, moved, removed and the like.' }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    durationSeconds: z.number().nullable().meta({ description: 'From its start to its end, or to now.' }),
  })
  .meta({ id: 'Sync' });

export const failureSchema = z
  .object({
    stage: z.string(),
    externalId: z.string(),
    title: z.string(),
    url: nullableText.meta({ description: 'In Atlassian.' }),
    request: nullableText.meta({ description: 'The path that was asked for.' }),
    status: z.number().nullable(),
    traceId: nullableText,
    message: z.string(),
    meaning: z.string().meta({ description: 'What follows from it here.' }),
    attempts: z.number(),
    firstAt: time,
    lastAt: time,
    nextRetryAt: time.nullable().meta({ description: 'When a sync tries it again by itself.' }),
  })
  .meta({ id: 'FailedItem' });

export const progressSchema = runSchema
  .extend({
    stages: z.array(
      z.object({
        stage: z.string(),
        state: z.enum(['running', 'done', 'failed']),
        done: z.number(),
        total: z.number().nullable(),
      }),
    ),
    rate: z.number().nullable(),
    remainingSeconds: z.number().nullable(),
    failures: z.array(failureSchema),
  })
  .meta({ id: 'SyncProgress' });

export const logLineSchema = z
  .object({
    id: z.string(),
    at: time,
    level: z.enum(['debug', 'info', 'warning', 'error']),
    message: z.string(),
    item: nullableText,
    url: nullableText,
    status: z.number().nullable(),
    traceId: nullableText,
  })
  .meta({ id: 'LogLine' });

const freshnessSchema = z
  .object({
    promisedSeconds: z
      .number()
      .nullable()
      .meta({ description: 'A change at Atlassian counts here within this.' }),
    changes: z.number().meta({ description: 'Changes of access that were found in the last seven days.' }),
    p50Seconds: z.number().nullable(),
    p95Seconds: z.number().nullable(),
    oldestReadAt: time.nullable(),
    readAt: time.nullable(),
    nextAt: time.nullable(),
    reading: z.boolean(),
    trouble: nullableText,
    day: z.object({ runs: z.number(), requests: z.number(), points: z.number() }),
    auditLog: z.object({ state: z.enum(['untried', 'readable', 'refused']), message: nullableText }),
  })
  .meta({ id: 'PermissionFreshness' });

const step = z.object({
  state: z.enum(['done', 'todo', 'attention', 'locked']),
  reason: nullableText,
});

export const connectionSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    product: z.enum(['confluence', 'jira']),
    deployment: z.enum(['cloud', 'datacenter']),
    siteUrl: z.string(),
    cloudId: nullableText,
    auth: z.object({
      method: z.enum(['oauth', 'api_token', 'pat', 'basic']),
      oauthApp: z
        .object({ id: z.uuid(), name: z.string(), clientId: z.string(), listed: z.boolean() })
        .nullable(),
      email: nullableText,
      scoped: z.boolean(),
      expiresAt: time.nullable(),
    }),
    account: z.object({ id: z.string(), name: z.string() }).nullable(),
    status: z.enum(['draft', 'active', 'paused', 'needs_reauth', 'attention', 'disabled', 'disconnecting']),
    statusCause: nullableText,
    statusMessage: nullableText,
    statusSince: time,
    settings: settingsSchema,
    steps: z.object({ authenticate: step, authorize: step, configure: step }),
    redirectUrl: z.url(),
    currentRun: orNull(runSchema),
    lastRun: orNull(runSchema),
    permissions: freshnessSchema,
    nextRuns: z.array(time).nullable(),
    settingsVersion: z.int(),
    deletion: z.object({ total: z.number(), done: z.number() }).nullable(),
    createdAt: time,
    updatedAt: time,
    authorizedAt: time.nullable(),
    configuredAt: time.nullable(),
  })
  .meta({ id: 'Connection' });

/** With where the consent starts; null where there is nothing to consent to. After a change it is a link for any browser. */
export const authorizableConnectionSchema = connectionSchema
  .extend({ authorizeUrl: nullableText })
  .meta({ id: 'ConnectionWithAuthorizeUrl' });

/** What a change of the settings led to. */
export const savedSettingsSchema = connectionSchema
  .extend({
    scopeChanged: z
      .boolean()
      .meta({ description: 'Other records are wanted than before, or other content of them.' }),
    startedSync: orNull(runSchema).meta({
      description: 'The sync that carries the change out; null where none was due, or none could start.',
    }),
  })
  .meta({ id: 'SavedSettings' });

export const grantSchema = z
  .object({
    id: z.uuid(),
    user: z.object({ id: z.uuid(), email: z.string() }),
    oauthApp: z.object({ id: z.uuid(), name: z.string() }),
    accountId: z.string(),
    accountName: z.string(),
    scopes: z.array(z.string()),
    state: z.enum(['active', 'dead']),
    deadCause: nullableText,
    endsAt: time.nullable().meta({
      description:
        'When Atlassian ends it unless it is given anew; null while that is more than two weeks ahead.',
    }),
    createdAt: time,
  })
  .meta({ id: 'Grant' });

export const groupSchema = z
  .object({
    connectionId: z.uuid(),
    groupId: z.string(),
    name: z.string(),
    members: z.number().nullable(),
    opensProduct: z.boolean(),
    administers: z.boolean(),
  })
  .meta({ id: 'Group' });

export const auditSchema = z
  .object({
    id: z.string(),
    at: time,
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    address: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });
