import fc from 'fast-check';
import type { AccessClass, ContentType, Group, Site } from '../../sandbox/world/types.ts';
import { buildCompany, type Company } from './company.ts';

/** What a person is, beside a name. `duplicate` has the email of the person before. */
export type PersonKind =
  | 'plain'
  | 'inactive'
  | 'closed'
  | 'guest'
  | 'hidden'
  | 'duplicate'
  /** Hidden too, but the account is proven to be the user's. */
  | 'proven'
  /** In no group that opens the product. */
  | 'outsider';

/** Lists of numbers that stand for people and groups, taken round: 7 of 3 is the second. */
export interface Named {
  people: number[];
  groups: number[];
  /** Also somebody who no longer exists. */
  gone: 'no' | 'person' | 'group';
}

export interface SpacePlan extends Named {
  classes: AccessClass[];
  /** In role mode: also everybody, by a role that does not open the space. */
  exportOnly: boolean;
}

export interface ItemPlan {
  type: ContentType;
  space: number;
  /** Among what stands before it in the same space; null or the space's first: on top. */
  parent: number | null;
  read: Named | null;
  update: Named | null;
}

/** A company in small numbers, so that a failing one shrinks to what matters. */
export interface Plan {
  people: PersonKind[];
  /** The first opens the product, and has everybody who is in the product by a group. */
  groups: { members: number[]; access: Group['access'] }[];
  mode: Site['spaceRoleMode'];
  spaces: SpacePlan[];
  items: ItemPlan[];
  comments: { on: number; kind: 'footer' | 'inline'; answers: number | null }[];
  attachments: number[];
  commentListingsHoldReplies: boolean;
}

const number = fc.nat({ max: 40 });
const some = (maxLength: number) => fc.array(number, { maxLength });

const named: fc.Arbitrary<Named> = fc.record({
  people: some(3),
  groups: some(2),
  gone: fc.oneof(
    { arbitrary: fc.constant('no' as const), weight: 6 },
    { arbitrary: fc.constantFrom('person' as const, 'group' as const), weight: 1 },
  ),
});

const restriction = fc.oneof(
  { arbitrary: fc.constant(null), weight: 5 },
  { arbitrary: named, weight: 3 },
  { arbitrary: fc.constant({ people: [], groups: [], gone: 'group' } satisfies Named), weight: 1 },
);

const space: fc.Arbitrary<SpacePlan> = fc.record({
  people: some(3),
  groups: some(2),
  gone: fc.constantFrom('no', 'no', 'person', 'group'),
  classes: fc.uniqueArray(
    fc.constantFrom(
      'anonymous-users' as const,
      'authenticated-users' as const,
      'all-licensed-users' as const,
      'all-product-admins' as const,
      'jsm-project-admins' as const,
    ),
    { maxLength: 2 },
  ),
  exportOnly: fc.boolean(),
});

const item: fc.Arbitrary<ItemPlan> = fc.record({
  type: fc.oneof(
    { arbitrary: fc.constant('page' as const), weight: 6 },
    { arbitrary: fc.constantFrom('folder' as const, 'blogpost' as const), weight: 2 },
    { arbitrary: fc.constantFrom('whiteboard' as const, 'database' as const), weight: 1 },
  ),
  space: fc.nat({ max: 2 }),
  parent: fc.option(fc.nat({ max: 5 }), { freq: 5 }),
  read: restriction,
  update: fc.option(named, { freq: 1 }),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  people: fc.array(
    fc.oneof(
      { arbitrary: fc.constant<PersonKind>('plain'), weight: 5 },
      {
        arbitrary: fc.constantFrom<PersonKind>(
          'inactive',
          'closed',
          'guest',
          'hidden',
          'duplicate',
          'proven',
          'outsider',
        ),
        weight: 5,
      },
    ),
    { minLength: 2, maxLength: 8 },
  ),
  groups: fc.array(
    fc.record({
      members: some(5),
      access: fc.constantFrom<Group['access']>('none', 'none', 'none', 'user', 'admin', 'site-admin'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  mode: fc.constantFrom<Site['spaceRoleMode']>('PRE_ROLES', 'PRE_ROLES', 'ROLES', 'ROLES_TRANSITION'),
  spaces: fc.array(space, { minLength: 1, maxLength: 3 }),
  items: fc.array(item, { minLength: 1, maxLength: 18 }),
  comments: fc.array(
    fc.record({
      on: number,
      kind: fc.constantFrom('footer' as const, 'inline' as const),
      answers: fc.option(number),
    }),
    { maxLength: 8 },
  ),
  attachments: fc.array(number, { maxLength: 5 }),
  commentListingsHoldReplies: fc.boolean(),
});

export function randomNamed(): fc.Arbitrary<Named> {
  return named;
}

/** The small numbers of a random company, which say more of a failing one than the company does. */
export function randomPlan(): fc.Arbitrary<Plan> {
  return plan;
}

/**
 * A random company. Its administrator, who crawls, is admitted by every space and restriction: what the crawler
 * cannot see is another test.
 */
export function randomWorld(): fc.Arbitrary<Company> {
  return plan.map(buildCompany);
}
