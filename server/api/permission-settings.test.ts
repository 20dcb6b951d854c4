import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { loadFreshness } from '../../store/permission-freshness.ts';
import { scheduleSpec } from '../../temporal/schedule-spec.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { loadPermissionOverviews, usualPermissionMinutes } from '../../store/permission-overview.ts';
import type { ConnectionStatus } from '../../store/schema.ts';
import { presentFreshness } from '../services/present-freshness.ts';
import { connectionSchema } from './schemas.ts';

let server: TestServer;
let key: string;
let id: string;

beforeAll(async () => {
  server = await createTestServer();
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  const site = await createSampleSite(server.database.db);
  id = site.connectionId;
  await site.member('ada', 'legal');
  await server.database.db.updateTable('connections').set({ authorized_at: new Date() }).execute();
});
afterAll(() => server.close());

const call = (method: 'get' | 'put', path: string) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);
const put = (permissions: unknown) => call('put', `/connections/${id}/settings`).send({ permissions });

async function fieldsOf(permissions: unknown): Promise<Record<string, string>> {
  const { body } = await put(permissions).expect(422);
  return body.error.details.fields;
}

test('roles and audiences are set by the API, and come back', async () => {
  const permissions = { groupRoles: { legal: 'administrator' }, audiences: { Legal: ['legal'] } };
  const { body } = await put(permissions).expect(200);
  expect(body.settings.permissions).toEqual(permissions);
  const { body: log } = await call('get', '/audit').expect(200);
  expect(log.items[0]).toMatchObject({ action: 'connection.settings', after: { permissions } });
});

test('a group that the site does not have is named at its field; one that vanished later stays', async () => {
  expect(
    await fieldsOf({ groupRoles: { nobody: 'member' }, audiences: { Legal: ['legal', 'none'] } }),
  ).toEqual({
    'permissions.groupRoles.nobody': expect.stringMatching(/no group with the id "nobody"/),
    'permissions.audiences.Legal': expect.stringMatching(/no group with the id "none"/),
  });
  await put({ groupRoles: { legal: 'member' } }).expect(200);
  await server.database.db.deleteFrom('atlassian_groups').execute();
  await put({ groupRoles: { legal: 'member' }, comparedPairs: 5 }).expect(200);
});

test.each<[string, unknown, string]>([
  ['an interval too short', { intervalMinutes: 4 }, 'permissions.intervalMinutes'],
  ['too many pairs', { comparedPairs: 2_001 }, 'permissions.comparedPairs'],
  ['an access of no kind', { anonymousAccess: 'world' }, 'permissions.anonymousAccess'],
  ['a role of no kind', { groupRoles: { legal: 'owner' } }, 'permissions.groupRoles.legal'],
  ['an id of no kind', { groupRoles: { 'a b': 'member' } }, 'permissions.groupRoles.a b'],
  ['a name with markup', { audiences: { '<b>': ['legal'] } }, 'permissions.audiences.<b>'],
  ['an audience of nobody', { audiences: { Legal: [] } }, 'permissions.audiences.Legal'],
  ['names alike but for their case', { audiences: { a: ['legal'], A: ['legal'] } }, 'permissions.audiences'],
])('%s is refused at its field', async (_what, permissions, field) => {
  expect(Object.keys(await fieldsOf(permissions))).toEqual([field]);
});

test('a connection tells how fresh its permissions are', async () => {
  const { db } = server.database;
  await db
    .insertInto('permission_freshness')
    .values({
      connection_id: id,
      promised_seconds: 1_080,
      audit_state: 'refused',
      audit_message: 'Answered 403.',
    })
    .execute();
  const change = {
    connection_id: id,
    kind: 'content',
    source_id: '1',
    change: 'changed',
    exact: false,
  } as const;
  await db
    .insertInto('permission_changes')
    .values([
      ...[100, 200, 300].map((lag_seconds) => ({ ...change, found_by: 'rolling' as const, lag_seconds })),
      { ...change, found_by: 'full', lag_seconds: 90_000 },
      { ...change, found_by: 'rolling', lag_seconds: 90_000, at: new Date(Date.now() - 8 * 86_400_000) },
    ])
    .execute();
  const run = {
    connection_id: id,
    kind: 'permissions',
    started_at: new Date(),
    finished_at: new Date(),
  } as const;
  await db
    .insertInto('sync_runs')
    .values([
      { ...run, state: 'succeeded', requests: 30, points: 120 },
      {
        ...run,
        state: 'failed',
        requests: 3,
        points: 6,
        message: 'Atlassian was away.',
        created_at: new Date(Date.now() + 1_000),
      },
    ])
    .execute();
  const { body } = await call('get', `/connections/${id}`).expect(200);
  expect(connectionSchema.shape.permissions.parse(body.permissions)).toEqual(body.permissions);
  expect(body.permissions).toMatchObject({
    promisedSeconds: 1_080,
    changes: 3,
    p50Seconds: 200,
    p95Seconds: 290,
    readAt: expect.any(String),
    nextAt: expect.any(String),
    reading: false,
    trouble: 'Atlassian was away.',
    day: { runs: 2, requests: 33, points: 126 },
    auditLog: { state: 'refused', message: 'Answered 403.' },
  });
  // Measured for one connection elsewhere, by the same definition.
  const { promisedSeconds, changes } = await loadFreshness(db, id);
  expect({ promisedSeconds, changes }).toEqual({
    promisedSeconds: body.permissions.promisedSeconds,
    changes: {
      count: body.permissions.changes,
      p50Seconds: body.permissions.p50Seconds,
      p95Seconds: body.permissions.p95Seconds,
    },
  });
});

test('the next permission sync is when the schedule starts it', async () => {
  const { db } = server.database;
  const next = async (change: { status?: ConnectionStatus; settings?: string }) => {
    await db
      .updateTable('connections')
      .set({ status: 'active', settings: '{}', ...change })
      .execute();
    const [[, known] = []] = await loadPermissionOverviews(db, [id]);
    return presentFreshness(known, new Date('2026-03-01T10:07:00Z')).nextAt;
  };
  expect(await next({})).toBe('2026-03-01T10:15:00.000Z');
  const hourly = { permissions: { intervalMinutes: 60 }, sync: { strategy: 'manual' } };
  expect(await next({ settings: JSON.stringify(hourly) })).toBe('2026-03-01T11:00:00.000Z');
  // Paused rests content alone.
  expect(await next({ status: 'paused' })).toBe('2026-03-01T10:15:00.000Z');
  for (const status of ['disabled', 'needs_reauth'] as const) {
    expect(await next({ status })).toBeNull();
    expect(scheduleSpec({ status, settings: {} }, 'permissions')).toBeNull();
  }
  expect(scheduleSpec({ status: 'active', settings: {} }, 'permissions')).toEqual({
    intervals: [{ every: usualPermissionMinutes * 60_000 }],
  });
});
