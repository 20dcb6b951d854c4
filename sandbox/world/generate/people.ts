import type { Lots } from '../../lots.ts';
import type { Group, Person } from '../types.ts';

/** The group that opens the product, and holds everybody but guests. */
export const GROUP_OF_ALL = 'aaaaaaaa-0000-4000-8000-000000000000';

const FIRST = [
  'Ana',
  'Björn',
  'Chen',
  'Dora',
  'Emre',
  'Fatima',
  'Goran',
  'Hana',
  'Ivo',
  'Júlia',
  'Kofi',
  'Lena',
];
const LAST = [
  'Abe',
  'Brandt',
  'Costa',
  'Diaz',
  'Eriksen',
  'Fischer',
  'Gallo',
  'Haas',
  'Ito',
  'Jansen',
  'Kaya',
];

/** People of every kind: every seventh hides the email, every thirteenth is inactive, every seventeenth is a guest. */
export function generatePeople(
  lots: Lots,
  peopleCount: number,
  groupCount: number,
  admin: { accountId: string; email: string },
): { people: Person[]; groups: Group[] } {
  const people: Person[] = [];
  for (let i = 0; i < Math.max(1, peopleCount); i += 1) {
    const name = i === 0 ? 'Site Administrator' : `${lots.pick(FIRST)} ${lots.pick(LAST)} ${i}`;
    people.push({
      accountId: i === 0 ? admin.accountId : `712020:00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      name,
      email: i === 0 ? admin.email : `person${i}@example.com`,
      emailVisible: i % 7 !== 6,
      type: 'atlassian',
      status: i % 13 === 12 ? 'inactive' : 'active',
      guest: i % 17 === 16,
      timeZone: 'Etc/UTC',
      confluenceAdmin: i === 0,
    });
  }
  const licensed = people.filter(({ guest }) => !guest).map(({ accountId }) => accountId);
  const groups: Group[] = [{ id: GROUP_OF_ALL, name: 'confluence-users', members: licensed, access: 'user' }];
  for (let g = 1; g <= groupCount; g += 1) {
    groups.push({
      id: `aaaaaaaa-0000-4000-8000-${String(g).padStart(12, '0')}`,
      name: `team-${g}`,
      // Overlapping on purpose: each person is in about a third of the groups.
      members: people.filter(() => lots.below(3) === 0).map(({ accountId }) => accountId),
      access: 'none',
    });
  }
  return { people, groups };
}
