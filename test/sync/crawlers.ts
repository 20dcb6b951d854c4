import { GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import type { World } from '../../sandbox/world/types.ts';
import type { ConnectOptions } from './harness.ts';

/**
 * Adds administrators who may do all that the generated world's own may, each with a classic token: requests of
 * connections that sync at once can then be told apart by account.
 */
export function withCrawlers(world: World, count: number): { world: World; crawlers: Crawler[] } {
  const admin = world.people.find(({ accountId }) => accountId === GENERATED_ADMIN.accountId);
  if (admin === undefined) throw new Error('The world was not generated.');
  const crawlers = Array.from({ length: count }, (_, number): Crawler => ({
    accountId: `712020:crawler-${number}`,
    token: { email: `crawler-${number}@example.com`, token: `crawler-token-${number}` },
  }));
  const ids = crawlers.map(({ accountId }) => accountId);
  const also = (users: string[]) => (users.includes(admin.accountId) ? [...users, ...ids] : users);
  for (const { accountId, token } of crawlers) {
    world.people.push({ ...admin, accountId, email: token.email, name: accountId });
    world.apiTokens.push({ token: token.token, accountId, scopes: null, expiresAt: null });
  }
  for (const group of world.groups) group.members = also(group.members);
  for (const space of world.spaces) {
    space.permissions.push(
      ...ids.map((id, number) => ({
        id: `9${space.id}${number}`,
        principal: { type: 'user' as const, id },
        operation: 'read',
        target: 'space',
      })),
    );
  }
  for (const { restrictions } of world.content) {
    restrictions.read = { ...restrictions.read, users: also(restrictions.read.users) };
  }
  return { world, crawlers };
}

export interface Crawler {
  accountId: string;
  token: NonNullable<ConnectOptions['token']>;
}
