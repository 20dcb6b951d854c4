import fc from 'fast-check';
import type { AccessClass, ContentStatus, ContentType, Group, Site } from '../../sandbox/world/types.ts';
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
  | 'outsider'
  /** An app's account, with an email like a person's. */
  | 'app';

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
  /** Whether roles say the same as permissions, leave out every second principal, or give it one that opens nothing. */
  roles?: 'same' | 'fewer' | 'weak';
}

export interface ItemPlan {
  type: ContentType;
  space: number;
  /** Among what stands before it in the same space; null or the space's first: on top. */
  parent: number | null;
  read: Named | null;
  update: Named | null;
  /** Current when absent. */
  status?: ContentStatus;
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
  /** Whether the site lets visitors in, and the connection shows everybody what they see. Neither when absent. */
  visitors?: 'none' | 'at the site' | 'here' | 'everywhere';
}

/** How many of each there are at most. Small ones show more kinds of mistakes a minute, large ones more pairs. */
export interface Size {
  people: number;
  groups: number;
  spaces: number;
  items: number;
  comments: number;
  attachments: number;
}

const small: Size = { people: 8, groups: 5, spaces: 3, items: 18, comments: 8, attachments: 5 };

const number = fc.nat({ max: 1000 });
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
      'anonymous-users' as const,
      'authenticated-users' as const,
      'all-licensed-users' as const,
      'all-product-admins' as const,
      'jsm-project-admins' as const,
    ),
    { maxLength: 2 },
  ),
  exportOnly: fc.boolean(),
  roles: fc.constantFrom('same', 'same', 'fewer', 'weak'),
});

const item = ({ spaces, items }: Size): fc.Arbitrary<ItemPlan> =>
  fc.record({
    type: fc.oneof(
      { arbitrary: fc.constant('page' as const), weight: 6 },
      { arbitrary: fc.constantFrom('folder' as const, 'blogpost' as const), weight: 2 },
      { arbitrary: fc.constantFrom('whiteboard' as const, 'database' as const, 'embed' as const), weight: 1 },
    ),
    space: fc.nat({ max: spaces - 1 }),
    parent: fc.option(fc.nat({ max: Math.ceil(items / spaces) - 1 }), { freq: 5 }),
    read: restriction,
    update: fc.option(named, { freq: 1 }),
    status: fc.oneof(
      { arbitrary: fc.constant('current' as const), weight: 24 },
      { arbitrary: fc.constantFrom('archived' as const, 'trashed' as const, 'draft' as const), weight: 1 },
    ),
  });

const person: fc.Arbitrary<PersonKind> = fc.oneof(
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
      'app',
    ),
    weight: 5,
  },
);

const group = fc.record({
  members: some(5),
  access: fc.constantFrom<Group['access']>('none', 'none', 'none', 'user', 'admin', 'site-admin'),
});

const comment = fc.record({
  on: number,
  kind: fc.constantFrom('footer' as const, 'inline' as const),
  answers: fc.option(number),
});

/** `least` is the part of the largest number that there is at least. */
const list = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number, least: number) =>
  fc.array(arbitrary, { minLength: Math.floor(maxLength * least), maxLength, size: 'max' });

export function randomNamed(): fc.Arbitrary<Named> {
  return named;
}

/** The small numbers of a random company, which say more of a failing one than the company does. */
export function randomPlan(size: Size = small): fc.Arbitrary<Plan> {
  const least = size === small ? 0 : 0.8;
  return fc.record({
    people: fc.array(person, {
      minLength: Math.max(1, Math.floor(size.people * least)),
      maxLength: size.people,
      size: 'max',
    }),
    groups: fc.array(group, { minLength: 1, maxLength: size.groups }),
    mode: fc.constantFrom<Site['spaceRoleMode']>('PRE_ROLES', 'PRE_ROLES', 'ROLES', 'ROLES_TRANSITION'),
    spaces: fc.array(space, { minLength: 1, maxLength: size.spaces }),
    items: fc.array(item(size), {
      minLength: Math.max(1, Math.floor(size.items * least)),
      maxLength: size.items,
      size: 'max',
    }),
    comments: list(comment, size.comments, least),
    attachments: list(number, size.attachments, least),
    commentListingsHoldReplies: fc.boolean(),
    visitors: fc.constantFrom('none', 'at the site', 'here', 'everywhere', 'everywhere'),
  });
}

/**
 * A random company. Its administrator, who crawls, is admitted by every space and restriction: what the crawler
 * cannot see is another test.
 */
export function randomWorld(): fc.Arbitrary<Company> {
  return randomPlan().map(buildCompany);
}
