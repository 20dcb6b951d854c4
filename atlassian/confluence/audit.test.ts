import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Forbidden, InvalidAnswer, ScopeMismatch } from '../errors.ts';
import { confluenceScopeNames } from '../scopes.ts';
import { startSite, type SimulatedSite } from './site.fixture.ts';

let site: SimulatedSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.sandbox.context.faults.clear();
});

const whole = { from: new Date(0), to: null, cursor: null };

test('every record is read with its names, its time and its changed values', async () => {
  const { items, next, serverTime } = await site.withClassicToken().listAudit(whole);
  const told = site.sandbox.context.store.audit().toSorted((a, b) => b.creationDate - a.creationDate);
  expect(items.map(({ at }) => at.getTime())).toEqual(told.map(({ creationDate }) => creationDate));
  expect(items.map(({ author }) => author)).toEqual(
    told.map(({ author }) => ({ accountId: author.accountId, name: author.displayName })),
  );
  expect(items.map(({ object, associated, changed }) => ({ object, associated, changed }))).toEqual(
    told.map((one) => ({
      object: one.affectedObject,
      associated: one.associatedObjects,
      changed: one.changedValues,
    })),
  );
  expect(next).toBeNull();
  expect(Math.abs(serverTime.getTime() - Date.now())).toBeLessThan(60_000);
});

test('a window is kept to, and followed by its offset', async () => {
  const reader = site.withClassicToken();
  const { items } = await reader.listAudit(whole);
  const [newest, oldest] = [items[1]?.at ?? new Date(), items[3]?.at ?? new Date()];
  const window = { from: oldest, to: newest, limit: 2 };
  const first = await reader.listAudit({ ...window, cursor: null });
  const second = await reader.listAudit({ ...window, cursor: first.next });
  expect([...first.items, ...second.items]).toEqual(items.slice(1, 4));
  expect(second.next).toBeNull();
});

test('each record costs a point, and the request one', async () => {
  const { reader, budget } = site.withConsent();
  const { items } = await reader.listAudit(whole);
  expect(budget.takeSpent()).toEqual({ requests: 1, points: 1 + items.length });
});

test('who is no administrator is refused, and so is a consent without the scope', async () => {
  const { store } = site.sandbox.context;
  store.setBehaviour({ auditLog: { refused: true } });
  await expect(site.withClassicToken().listAudit(whole)).rejects.toThrow(Forbidden);
  store.setBehaviour({ auditLog: {} });
  const scopes = confluenceScopeNames.filter((scope) => scope !== 'read:audit-log:confluence');
  await expect(site.withConsent(scopes).reader.listAudit(whole)).rejects.toThrow(ScopeMismatch);
});

test('a record without what only some have is read; one without a time is not believed', async () => {
  const rewrite = (pattern: string, replacement: string) =>
    site.sandbox.context.faults.add({
      match: { path: '/rest/api/audit' },
      times: 1,
      action: { kind: 'rewrite', pattern, replacement },
    });
  rewrite('"(affectedObject|author)":', '"unknown-$1":');
  const { items } = await site.withClassicToken().listAudit(whole);
  expect(items[0]).toMatchObject({
    author: { accountId: null, name: '' },
    object: { name: '', objectType: '' },
  });
  rewrite('"creationDate":', '"created":');
  await expect(site.withClassicToken().listAudit(whole)).rejects.toThrow(InvalidAnswer);
});
