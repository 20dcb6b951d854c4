import type { Mutation } from './mutation.ts';

const trimming = ['search/trimming.test.ts', 'store/visibility.test.ts'];
const accounts = ['store/viewer-accounts.test.ts', 'test/sync/visibility-identity.test.ts'];
const kept = ['store/readable-sets.test.ts', 'search/side-channels.test.ts', 'search/trimming.test.ts'];
const settling = ['store/settle.test.ts', 'store/settle-below.test.ts'];
const later = ['store/asked-later.test.ts', 'test/sync/visibility-later.test.ts'];

/** Mistakes in what is stored, and in the SQL that answers who may see it. */
export const memory: Mutation[] = [
  {
    name: 'AND becomes OR in SQL',
    file: 'store/visibility.ts',
    search: 'having count(*) = j.layers)',
    replace: 'having count(*) >= 1)',
    tests: trimming,
  },
  {
    name: 'two accounts of one person open together what neither opens alone',
    file: 'store/visibility.ts',
    search:
      'join passing p on p.id = j.layer_id and p.connection_id = j.connection_id and p.account_id = j.account_id',
    replace:
      'join (select distinct id, connection_id from passing) p on p.id = j.layer_id and p.connection_id = j.connection_id',
    tests: ['store/viewer-accounts.test.ts'],
  },
  {
    name: 'a space opens before what is in it has been read',
    file: 'store/layers.ts',
    search: '${opensSince}::timestamptz is not null and not principals',
    replace: 'false and not principals',
    tests: ['test/sync/permissions-opening.test.ts'],
  },
  {
    name: 'an unknown layer admits whom it admitted before',
    file: 'store/visibility.ts',
    search: "where l.state = 'known')",
    replace: 'where true)',
    tests: ['store/unknown-layers.test.ts'],
  },
  {
    name: 'layers are cut with each other: only who is named by all of them passes',
    file: 'store/visibility.ts',
    search: 'and l.principals && p.held',
    replace: 'and l.principals <@ p.held',
    tests: trimming,
  },
  {
    name: 'what was kept of a person’s access is good whatever has changed since',
    file: 'store/readable-sets.ts',
    search: 'keptSet(viewer, sql`and not exists (${changesSince(sql`k`)})`)',
    replace: 'keptSet(viewer)',
    tests: kept,
  },
  {
    name: 'what was kept of a person’s access is good after a group was left',
    file: 'store/readable-sets.ts',
    search: ' and k.held = ${digestOfHeld}',
    replace: '',
    tests: kept,
  },
  {
    name: 'what was kept of a person’s access is judged anew where an ACL changed, not where a layer did',
    file: 'store/readable-sets.ts',
    search: "where exists (select from changes where layer_ids <> '{}')",
    replace: 'where false',
    tests: kept,
  },
  {
    name: 'groups are held by name',
    file: 'store/viewer-accounts.ts',
    search:
      "select connection_id, account_id, 'group:' || group_id from viewer_groups where group_id is not null",
    replace: `select vg.connection_id, vg.account_id, 'group:' || twin.group_id from viewer_groups vg
        join atlassian_groups own on own.connection_id = vg.connection_id and own.group_id = vg.group_id
        join atlassian_groups twin on twin.connection_id = own.connection_id and lower(twin.name) = lower(own.name)`,
    tests: ['test/sync/visibility-mistakes.test.ts'],
    only: 'differ in case only',
  },
  {
    name: 'a group whose members could not be read admits whom it had',
    file: 'store/viewer-accounts.ts',
    search: "\n        and g.members_state = 'known'",
    replace: '',
    tests: ['store/unknown-layers.test.ts'],
  },
  {
    name: 'an inactive account still counts',
    file: 'store/viewer-accounts.ts',
    search:
      "join atlassian_accounts a on a.account_id = ua.account_id and a.account_status = 'active'\n      and a.account_type",
    replace: 'join atlassian_accounts a on a.account_id = ua.account_id\n      and a.account_type',
    tests: accounts,
  },
  {
    name: 'of two accounts with one email the first is taken',
    file: 'store/viewer-accounts.ts',
    search: "having count(*) = 1 and bool_and(a.account_type = 'atlassian'",
    replace: "having count(*) >= 1 and bool_and(a.account_type = 'atlassian'",
    tests: accounts,
  },
  {
    name: 'an email that has changed proves as before',
    file: 'store/viewer-accounts.ts',
    search: 'and bool_and(a.email_before is null)',
    replace: '',
    tests: accounts,
  },
  {
    name: 'an email that is not verified here proves',
    file: 'store/viewer-accounts.ts',
    search: 'where u.id = ${viewer.userId} and u.active and u.email_verified',
    replace: 'where u.id = ${viewer.userId} and u.active',
    tests: accounts,
  },
  {
    name: 'an account that is proven to be another’s is lent by its email',
    file: 'store/viewer-accounts.ts',
    search: 'and not exists (select from user_accounts other where other.account_id = min(a.account_id))',
    replace: '',
    tests: accounts,
  },
  {
    name: 'everybody is a visitor without an opt-in',
    file: 'store/viewer-accounts.ts',
    search: "join connections c on c.settings #>> '{permissions,anonymousAccess}' = 'everyone'",
    replace: 'join connections c on true',
    tests: ['store/viewer-accounts.test.ts', 'test/sync/visibility.test.ts'],
  },
  {
    name: 'guests are licensed users in SQL',
    file: 'store/viewer-accounts.ts',
    search: "('all-licensed-users', f.licensed)",
    replace: "('all-licensed-users', f.licensed or f.guest)",
    tests: ['store/principals-twin.test.ts'],
  },
  {
    name: 'what hangs above is skipped: a page has its space and its own restriction',
    file: 'store/settle.ts',
    search: 'c.space_id, array_remove(t.layer_ids || c.layer_id, null)',
    replace: 'c.space_id, array_remove(t.layer_ids[1:2] || c.layer_id, null)',
    tests: settling,
  },
  {
    name: 'an own restriction wins outright over the space',
    file: 'store/settle.ts',
    search: 'array_remove(array[p.id, s.layer_id, c.layer_id], null)',
    replace: 'array_remove(array[p.id, coalesce(c.layer_id, s.layer_id)], null)',
    tests: settling,
  },
  {
    name: 'a place that was not read carries what is below it',
    file: 'store/settle.ts',
    search: "and r.state <> 'pending' and r.status = 'current'",
    replace: "and r.status = 'current'",
    tests: ['store/settle-unread.test.ts'],
  },
  {
    name: 'content without a read restriction is unrestricted',
    file: 'store/settle.ts',
    search:
      'join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id\n        where',
    replace:
      'left join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id\n        where',
    tests: settling,
  },
  {
    name: 'a hold is ignored',
    file: 'store/settle.ts',
    search: `and not exists (select from record_holds h
            where h.connection_id = r.connection_id and h.external_id = r.external_id)`,
    replace: '',
    tests: settling,
  },
  {
    name: 'comments and attachments keep the ACL that they came with',
    file: 'store/settle.ts',
    search: '    await followContainers(trx, connectionId);\n',
    replace: '',
    tests: settling,
  },
  {
    name: 'what no longer has a place keeps its old ACL',
    file: 'store/settle.ts',
    search: 'and not exists (select from settled s where s.id = r.id)',
    replace: 'and false',
    tests: ['store/settle-unread.test.ts'],
  },
  {
    name: 'a hold is ignored where a part of the tree settles',
    file: 'store/settle-below.ts',
    search: ` and not exists (select from record_holds h
          where h.connection_id = r.connection_id and h.external_id = r.external_id) as known`,
    replace: ' as known',
    tests: settling,
  },
  {
    name: 'comments and attachments stay behind where a part of the tree settles',
    file: 'store/settle-below.ts',
    search: "and item.kind in ('comment', 'attachment')) s",
    replace: 'and false) s',
    tests: settling,
  },
  {
    name: 'what is above the part that settles is forgotten',
    file: 'store/settle-below.ts',
    search: 'else above.layer_ids end)',
    replace: 'else array[product.id, s.layer_id] end)',
    tests: settling,
  },
  {
    name: 'an earlier answer overwrites a later one: restrictions',
    file: 'store/content-access.ts',
    search: 'layer_id = case when a.as_of <= excluded.as_of then excluded.layer_id else a.layer_id end',
    replace: 'layer_id = excluded.layer_id',
    tests: later,
  },
  {
    name: 'an earlier answer overwrites a later one: layers',
    file: 'store/layers.ts',
    search: 'principals = case when l.as_of <= excluded.as_of then excluded.principals else l.principals end',
    replace: 'principals = excluded.principals',
    tests: later,
  },
  {
    name: 'an earlier answer overwrites a later one: members',
    file: 'store/accounts.ts',
    search: '    where g.members_as_of <= excluded.members_as_of\n',
    replace: '',
    tests: later,
  },
  {
    name: 'who has left a group stays a member',
    file: 'store/accounts.ts',
    search: 'and account_id <> all(${members}::text[])`',
    replace: 'and false`',
    tests: ['store/asked-later.test.ts', 'test/sync/visibility-later.test.ts'],
  },
];
