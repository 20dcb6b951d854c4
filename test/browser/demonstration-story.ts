import type { Actor } from '../../server/actor.ts';
import { recordFilters } from '../../server/api/record-schemas.ts';
import type { Settings } from '../../server/settings.ts';
import type { ProgressView } from '../../server/views.ts';
import { administrator, siteUrl, startWhole, type Whole } from './whole.ts';

/** A company that has used Sluice for a while: what the kept screens are taken of. */
export interface Story {
  url: string;
  administrator: { email: string; password: string };
  member: { email: string; password: string };
  connection: string;
  /** Of what is there, for addresses. */
  runs: { full: string; dry: string };
  record: string;
  place: string;
  memberId: string;
  close(): Promise<void>;
}

const member = { email: 'jonas.keller@northwind.example', password: 'another pass phrase' };
const settings: Settings = {
  sync: { strategy: 'scheduled', intervalMinutes: 60 },
  filters: {
    labels: { operator: 'not_in', values: ['confidential', 'beta'] },
    spaceKeys: { operator: 'in', values: ['ENG', 'HR', 'RV4', 'HELP'] },
  },
};

export async function tellStory(say: (line: string) => void): Promise<Story> {
  const whole = await startWhole({ sync: true });
  const { services, database, person } = whole.server;
  const { db } = database;
  const actor = await services.access.checkPassword(administrator.email, administrator.password);
  if (actor === null) throw new Error('The administrator cannot sign in.');
  for (const one of whole.sandbox.context.store.people()) {
    if (one.type !== 'atlassian' || one.status !== 'active' || one.email === administrator.email) continue;
    const signsIn = one.email === member.email;
    const { userId } = await person(one.email, 'member', signsIn ? member.password : undefined);
    await db.updateTable('users').set({ name: one.name }).where('id', '=', userId).execute();
  }
  await db.updateTable('users').set({ name: 'Ada Lindqvist' }).where('id', '=', actor.userId).execute();
  const { id } = await services.connections.create(actor, {
    name: 'Northwind Confluence',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl,
    auth: { method: 'api_token', email: administrator.email, token: 'sandbox-classic-token' },
  });
  await services.connections.updateSettings(actor, id, { ...settings, filters: {} }, { sync: false });
  await services.connections.test(actor, id);
  say('The first sync');
  const full = await carryOut(whole, actor, id, { kind: 'full' });
  await carryOut(whole, actor, id, { kind: 'permissions' });
  say('Filters, a dry run, a choice by hand');
  const dry = await carryOut(whole, actor, id, { kind: 'full', dryRun: true, settings });
  await services.connections.updateSettings(actor, id, settings, { sync: false });
  await carryOut(whole, actor, id, { kind: 'incremental' });
  const named = (title: string) =>
    db.selectFrom('records').select('id').where('title', '=', title).executeTakeFirstOrThrow();
  const [record, place, unwanted] = [
    await named('Incident runbook'),
    await named('Runbooks'),
    await named('Incident reports'),
  ];
  await services.records.choose(actor, id, { subtree: unwanted.id }, false);
  await services.oauthApps.create(actor, {
    name: 'Sluice at Northwind',
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
  });
  await services.records.selections.save(actor, id, {
    name: 'Policies',
    filters: recordFilters.parse({ label: 'policy', space: 'HR' }),
  });
  await services.apiKeys.create(actor, { name: 'Assistant', scopes: ['search'] });
  const { userId } = await db
    .selectFrom('users')
    .select('id as userId')
    .where('email', '=', member.email)
    .executeTakeFirstOrThrow();
  return {
    url: whole.url,
    administrator,
    member,
    connection: `/connections/${id}`,
    runs: { full, dry },
    record: record.id,
    place: place.id,
    memberId: userId,
    close: () => whole.close(),
  };
}

async function carryOut(
  whole: Whole,
  actor: Actor,
  connectionId: string,
  input: Parameters<Whole['server']['services']['syncs']['start']>[2],
): Promise<string> {
  const { syncs } = whole.server.services;
  const run = await syncs.start(actor, connectionId, input);
  await new Promise<void>((resolve, reject) => {
    const ended = ({ state, message }: ProgressView) => {
      if (state === 'succeeded') resolve();
      if (state === 'failed' || state === 'cancelled')
        reject(new Error(message ?? `A sync ended as ${state}.`));
    };
    syncs.watch(actor, run.id, ended).catch(reject);
  });
  return run.id;
}
