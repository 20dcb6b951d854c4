import type { PermissionsView } from '../../web/screens/connection/permissions.ts';
import type { SiteGroup } from '../../store/site-groups.ts';
import { at, connection, hostile, now } from './samples.ts';

const groups: SiteGroup[] = [
  { groupId: 'g1', name: 'confluence-users', members: 412, opensProduct: true },
  { groupId: 'g2', name: hostile.markup, members: 41, opensProduct: false },
  {
    groupId: 'g3',
    name: 'legal-and-compliance-of-the-whole-company-and-its-subsidiaries',
    members: null,
    opensProduct: false,
  },
];

/** The page on how permissions are read: everything set, one mapped group gone. */
export const permissionsView: PermissionsView = {
  csrfToken: 'token',
  connection: {
    ...connection,
    settings: {
      ...connection.settings,
      permissions: {
        groupRoles: { g2: 'administrator', g1: 'member', vanished: 'administrator' },
        audiences: { Legal: ['g3', 'g2'], 'All staff': ['g1'] },
      },
    },
  },
  mapped: new Map(groups.map((group) => [group.groupId, group])),
  picker: { named: 'a', groups, more: true },
  values: { intervalMinutes: '15', comparedPairs: '200', anonymousAccess: 'members' },
  errors: {},
  now,
};

/** The same before the first sync, with a form that came back. */
export const permissionsUnread: PermissionsView = {
  ...permissionsView,
  connection: {
    ...connection,
    permissions: {
      ...connection.permissions,
      promisedSeconds: null,
      p50Seconds: null,
      p95Seconds: null,
      changes: 0,
      oldestReadAt: null,
      readAt: null,
      nextAt: null,
      trouble: 'Atlassian answered 503 for an hour.',
      day: { runs: 0, requests: 0, points: 0 },
      auditLog: { state: 'refused', message: hostile.markup },
    },
    createdAt: at(3),
  },
  mapped: new Map(),
  picker: { named: '', groups: [], more: false },
  values: { intervalMinutes: 'often', comparedPairs: '', anonymousAccess: 'everyone' },
  errors: {
    intervalMinutes: 'Give the interval as a whole number of minutes, 5 to 10,080 (a week).',
    comparedPairs: 'Give a whole number of pairs, 0 to 2,000.',
  },
};

export const mappedGroup = groups[1] as SiteGroup;
