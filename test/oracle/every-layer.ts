import type { Site } from '../../sandbox/world/types.ts';
import { buildCompany, crawler, type Company } from './company.ts';
import type { ItemPlan, Named } from './worlds.ts';

const people = (...numbers: number[]): Named => ({ people: numbers, groups: [], gone: 'no' });
const groups = (...numbers: number[]): Named => ({ people: [], groups: numbers, gone: 'no' });
const item = (
  type: ItemPlan['type'],
  space: number,
  parent: number | null,
  read: Named | null = null,
): ItemPlan => ({
  type,
  space,
  parent,
  read,
  update: null,
});

/** More principals than one answer holds; the last of them is a person. */
const longList = 230;

/**
 * A company in which every kind of layer decides about something: whichever call to Atlassian fails, somebody would
 * see more if the failure were taken for "nothing is restricted".
 */
export function everyLayer(mode: Site['spaceRoleMode'] = 'PRE_ROLES'): Company {
  const company = buildCompany({
    people: ['plain', 'plain', 'guest', 'hidden', 'inactive', 'outsider', 'proven', 'plain'],
    groups: [
      { members: [], access: 'user' },
      { members: [0, 7, 4], access: 'none' },
      { members: [1, 2], access: 'none' },
      { members: [7], access: 'admin' },
    ],
    mode,
    spaces: [
      { ...groups(0), classes: [], exportOnly: true },
      { ...people(1, 2), groups: [1], classes: [], exportOnly: true, roles: 'fewer' },
      { ...people(), classes: ['all-licensed-users'], exportOnly: false },
      { ...people(), classes: ['all-product-admins'], exportOnly: false },
    ],
    items: [
      item('page', 0, null),
      item('folder', 0, 0, groups(1)),
      item('page', 0, 1),
      item('page', 0, 2, people(0, 1)),
      item('whiteboard', 0, null, people(1)),
      item('page', 0, 4),
      item('database', 0, null),
      item('page', 0, 6, { people: [], groups: [], gone: 'group' }),
      item('page', 1, null),
      item('folder', 1, 0),
      item('page', 1, 1, groups(2)),
      item('blogpost', 1, null, people(7)),
      item('page', 2, null, people(1, 6)),
      item('page', 2, 0),
      item('blogpost', 2, null),
      item('page', 3, null),
      item('page', 2, null, people(1)),
    ],
    comments: [0, 1, 2, 3, 5, 7].map((on) => ({ on, kind: 'footer' as const, answers: null })),
    attachments: [1, 2, 3, 4],
    commentListingsHoldReplies: false,
  });
  const long = company.world.content.at(-1);
  const nobodies = Array.from({ length: longList }, (_, n) => `acc-former-${n}`);
  if (long !== undefined) long.restrictions.read.users = [crawler, ...nobodies, 'acc-1'];
  return company;
}
