import type { AuditRecord } from '../types.ts';
import { accountOf } from './people.ts';

/** What an administrator finds in the audit log. */
export function auditRecords(): AuditRecord[] {
  const record = (
    day: string,
    summary: string,
    category: string,
    [name, objectType]: [string, string],
    changed: AuditRecord['changedValues'] = [],
    associated: AuditRecord['associatedObjects'] = [],
  ): AuditRecord => ({
    author: { accountId: accountOf('ada'), displayName: 'Ada Lindqvist' },
    remoteAddress: '192.0.2.17',
    creationDate: Date.parse(`${day}T09:30:00.000Z`),
    summary,
    description: '',
    category,
    affectedObject: { name, objectType },
    associatedObjects: associated,
    changedValues: changed,
  });
  return [
    record('2026-03-02', 'User deactivated', 'Users and groups', ['Liam Brooks', 'User']),
    record(
      '2026-06-18',
      'User added to group',
      'Users and groups',
      ['rover-4-launch', 'Group'],
      [],
      [{ name: 'Mona Haddad', objectType: 'User' }],
    ),
    record(
      '2026-09-03',
      'Content restriction added',
      'Permissions',
      ['INC-2119: Password spraying against the console', 'Page'],
      [{ name: 'Type', oldValue: '', newValue: 'View' }],
      [{ name: 'Engineering', objectType: 'Space' }],
    ),
    record(
      '2026-10-01',
      'Space permission removed',
      'Permissions',
      ['People and pay', 'Space'],
      [{ name: 'Permission', oldValue: 'confluence-users: view', newValue: '' }],
    ),
    record(
      '2026-11-09',
      'User removed from group',
      'Users and groups',
      ['leadership', 'Group'],
      [],
      [{ name: 'Chloé Martin', objectType: 'User' }],
    ),
  ];
}
