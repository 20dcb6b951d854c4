import type { Mutation } from './mutation.ts';

const faults = ['test/sync/permission-faults.test.ts'];
const mistakesLater = ['test/sync/visibility-mistakes-later.test.ts'];
const mistakes = ['test/sync/visibility-mistakes.test.ts'];
const channels = ['search/side-channels.test.ts', 'search/trimming.test.ts', 'server/side-channels.test.ts'];

/** Mistakes in reading from the site, and in what search shows beside its hits. */
export const effects: Mutation[] = [
  {
    name: 'an error is an empty list: a restriction that cannot be read is none',
    file: 'activities/access.ts',
    search: '    return unknownLayer(error.message);\n',
    replace: '    return null;\n',
    tests: faults,
    only: 'the restriction of one is forbidden',
  },
  {
    name: 'an incomplete list is taken as complete',
    file: 'activities/access.ts',
    search: 'const restriction = item.restriction.complete\n',
    replace: 'const restriction = item.restriction.users.length >= 0\n',
    tests: mistakes,
    only: 'longer than one answer',
  },
  {
    name: 'an error is public: a space whose permissions cannot be read is everybody’s',
    file: 'activities/space-layer.ts',
    search: '    return unknownLayer(error.message);\n',
    replace: "    return { state: 'known', principals: ['class:authenticated-users'] };\n",
    tests: faults,
    only: 'the permissions of a space is forbidden',
  },
  {
    name: 'where it may not be asked whether spaces have roles, they are open',
    file: 'activities/space-layer.ts',
    search: "if (governance.by === 'unknown') return unknownLayer(governance.reason);",
    replace:
      "if (governance.by === 'unknown') return { state: 'known', principals: ['class:authenticated-users'] };",
    tests: mistakesLater,
    only: 'where the mode may not be asked',
  },
  {
    name: 'a group whose members are refused keeps them',
    file: 'activities/people.ts',
    search: '    await saveGroupMembers(db, connectionId, groupId, null, asOf);\n',
    replace: '',
    tests: mistakesLater,
    only: 'whose members cannot be read keeps the old ones',
  },
  {
    name: 'where the product’s groups are refused, the old ones decide',
    file: 'activities/product.ts',
    search:
      "    const reading = unknownLayer(error.message);\n    await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading }], asOf);\n",
    replace: '',
    tests: mistakesLater,
    only: 'who has the product is as it was',
  },
  {
    name: 'a folder that is refused carries as before',
    file: 'activities/containers.ts',
    search: '      await markContainersUnreadable(trx, connectionId, unreadable);\n',
    replace: '',
    tests: mistakesLater,
    only: 'a place above that cannot be read is left out',
  },
  {
    name: 'accounts that the site no longer answers for stay as they were',
    file: 'activities/names.ts',
    search: 'wanted.filter((id) => !answered.has(id))',
    replace: 'wanted.filter(() => answered.has(""))',
    tests: ['test/sync/layers-people.test.ts', 'test/sync/visibility-identity.test.ts'],
  },
  {
    name: 'a principal without an id is left out of its list',
    file: 'atlassian/confluence/access.ts',
    search: "unidentified: [...users, ...groups].filter((each) => each === '').length",
    replace: 'unidentified: 0',
    tests: ['atlassian/confluence/reading.test.ts', 'test/sync/layers-content.test.ts'],
  },
  {
    name: 'matches are trimmed by nothing',
    file: 'search/statement.ts',
    search: '${isShowable()} and ${isReadable(sql`r.acl_id`)} and ${all(input.filters)}',
    replace: '${isShowable()} and ${all(input.filters)}',
    tests: channels,
  },
  {
    name: 'facets count before trimming',
    file: 'search/statement.ts',
    search: 'count(*) as n from visible ${joins} group by 1',
    replace: "count(*) as n from (select * from records where state = 'indexed') r ${joins} group by 1",
    tests: channels,
  },
  {
    name: 'the total counts before trimming',
    file: 'search/statement.ts',
    search: "'total', (select count(*) from visible)",
    replace: "'total', (select count(*) from records where state = 'indexed')",
    tests: channels,
  },
  {
    name: 'places above are shown untrimmed',
    file: 'store/visible-records.ts',
    search:
      "sql`state = 'indexed' and ${isReadable(sql`acl_id`, judgedFor === undefined ? sql`readable` : sql`readable_above`)}`",
    replace: 'sql`true`',
    tests: channels,
  },
  {
    name: 'what is pending or failed is shown',
    file: 'store/visible-records.ts',
    search: "(r.state = 'indexed' and r.acl_id is not null",
    replace: '(r.acl_id is not null',
    tests: ['search/trimming.test.ts', 'server/api/records.test.ts'],
  },
];
