import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectSafe } from './invariants.ts';
import { addViewer } from './viewer.ts';

const { accountId, email } = GENERATED_ADMIN;
const world = () => generateWorld({ seed: 21, spaces: 2, pagesPerSpace: 15, commentsPerPage: 1 });
const member = world().people.find((person) => person.accountId !== accountId)?.accountId ?? '';
const dayMs = 86_400_000;

let harness: SyncHarness;
let found: Awaited<ReturnType<typeof addViewer>>;
beforeAll(async () => {
  harness = await createSyncHarness({ world: world(), sandbox: { logLength: 100_000 } });
  found = await addViewer(harness, member);
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  await db.deleteFrom('oauth_apps').execute();
  harness.sandbox.context.faults.clear();
});

const client = () => harness.sandbox.context.store.oauthApps()[0]?.clientId ?? '';
const asked = () => harness.sandbox.context.counters.log().length;

/** What the schedules start of both lanes, as often as they would in so many hours. */
async function hoursPass({ connectionId }: HarnessConnection, hours: number): Promise<void> {
  const { client: temporal } = harness.temporal;
  for (let hour = 0; hour < hours; hour += 1) {
    for (const lane of ['content', 'permissions', 'permissions', 'permissions', 'permissions']) {
      await temporal.workflow.execute('scheduledSync', {
        taskQueue: harness.temporal.taskQueue,
        workflowId: `scheduled-test:${connectionId}:${hour}:${Math.random()}`,
        args: [{ connectionId, lane }],
      });
    }
  }
}

type Cause = {
  happens: (connection: HarnessConnection) => unknown;
  after?: () => unknown;
  words: RegExp;
  token?: boolean;
};
const aged = (column: 'rotated_at' | 'created_at', days: number) => async () => {
  harness.sandbox.context.grants.changePassword(accountId);
  harness.sandbox.context.grants.expireAccessTokens(accountId);
  await harness.database.db
    .updateTable('grants')
    .set({ [column]: new Date(Date.now() - days * dayMs), access_expires_at: new Date(0) })
    .execute();
};
let app: ReturnType<SyncHarness['sandbox']['context']['store']['oauthApps']>[number] | undefined;
const restoreApp = () => app !== undefined && harness.sandbox.context.store.putOAuthApp(app);

const causes: Record<string, Cause> = {
  consent_revoked: {
    happens: () => harness.sandbox.context.grants.revoke(client(), accountId),
    words: /took it back/,
  },
  'consent_revoked by a changed password': {
    happens: () => {
      harness.sandbox.context.grants.changePassword(accountId);
      harness.sandbox.context.grants.expireAccessTokens(accountId);
    },
    words: /changed its password/,
  },
  consent_unused: { happens: aged('rotated_at', 95), words: /not used for 95 days/ },
  consent_year: { happens: aged('created_at', 370), words: /370 days old/ },
  app_deleted: {
    happens: () => {
      [app] = harness.sandbox.context.store.oauthApps();
      harness.sandbox.context.store.removeOAuthApp(client());
    },
    after: restoreApp,
    words: /Register another app/,
  },
  wrong_client: {
    happens: () => {
      [app] = harness.sandbox.context.store.oauthApps();
      if (app !== undefined)
        harness.sandbox.context.store.putOAuthApp({ ...app, clientSecret: 'another-secret' });
      harness.sandbox.context.grants.expireAccessTokens(accountId);
    },
    after: restoreApp,
    words: /nobody needs to consent again/,
  },
  no_site: {
    happens: () =>
      harness.sandbox.context.grants.removeSite(
        client(),
        accountId,
        harness.sandbox.context.store.site.cloudId,
      ),
    words: /taken out of it/,
  },
  scope_missing: {
    happens: () => {
      const scopes = confluenceScopeNames.filter((scope) => !/read:(page|space):/.test(scope));
      const cloudIds = [harness.sandbox.context.store.site.cloudId];
      harness.sandbox.context.grants.issue({ clientId: client(), accountId, scopes, cloudIds });
      // The grant has fewer scopes from the next refresh on, as after a consent elsewhere.
      harness.sandbox.context.grants.expireAccessTokens(accountId);
    },
    words: /these scopes: read:page:confluence, read:space:confluence/,
  },
  token_rejected: {
    token: true,
    happens: () => harness.sandbox.context.store.removeApiToken('a-token'),
    words: /Make a new one/,
  },
  token_expired: {
    token: true,
    happens: async () => {
      harness.sandbox.context.store.removeApiToken('a-token');
      await harness.database.db
        .updateTable('connections')
        .set({ api_token_expires_at: new Date(Date.now() - dayMs) })
        .execute();
    },
    words: /expired on/,
  },
};

test.each(Object.entries(causes))(
  '%s is told by its own cause and words, once; nothing more is asked, and nobody loses anything',
  async (name, { happens, after, words, token }) => {
    const { counters, store } = harness.sandbox.context;
    const { db } = harness.database;
    if (token === true) store.putApiToken({ token: 'a-token', accountId, scopes: null, expiresAt: null });
    const connection = await harness.connect(
      token === true
        ? { world: world(), token: { email, token: 'a-token' } }
        : { world: world(), oauth: { accountId } },
    );
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
    const before = await found(connection.connectionId);
    expect(before.total).toBeGreaterThan(0);

    await happens(connection);
    const run = await connection.sync('incremental');
    const cause = name.split(' ')[0];
    expect(run).toMatchObject({ state: 'failed', cause, deleted: '0' });
    expect(run.message).toMatch(words);
    const stored = await db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
    expect(stored).toMatchObject({
      status: 'needs_reauth',
      status_cause: cause,
      status_message: run.message,
    });
    const notices = await db
      .selectFrom('notices')
      .select(['code', 'severity', 'message', 'ended_at'])
      .execute();
    expect(notices.filter(({ ended_at }) => ended_at === null)).toEqual([
      { code: 'needs_reauth', severity: 'error', message: run.message, ended_at: null },
    ]);

    counters.reset();
    await hoursPass(connection, 3);
    expect(asked()).toBe(0);
    expect(await found(connection.connectionId)).toEqual(before);
    await expectSafe({ harness, connectionId: connection.connectionId });
    await after?.();
  },
  60_000,
);

test('one thing that the account may not do is no dead credential', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world: world(), oauth: { accountId } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  const refused = { kind: 'status', status: 403, body: { message: 'no' } } as never;
  faults.add({ match: { path: '/api/v2/pages\\?' }, action: refused });
  const run = await connection.sync('incremental');
  faults.clear();
  expect(run).toMatchObject({ state: 'failed', cause: 'forbidden' });
  const { status } = await harness.database.db
    .selectFrom('connections')
    .selectAll()
    .executeTakeFirstOrThrow();
  expect(status).toBe('active');
});
