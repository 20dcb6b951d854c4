import type { z } from 'zod';
import type { authorizableConnectionSchema, runSchema } from '../server/api/schemas.ts';
import type { Api } from './api.ts';
import { CommandFailed, exits } from './exit.ts';

export type Connection = z.infer<typeof authorizableConnectionSchema>;
export type Run = z.infer<typeof runSchema>;

/** The connection that a person means: by its id, its name, or its site. @throws CommandFailed */
export async function findConnection(api: Api, named: string): Promise<Connection> {
  const all = await api.all<Connection>('/connections');
  const wanted = named.trim().toLowerCase();
  const site = wanted.replace(/\/+$/, '');
  for (const of of [
    (each: Connection) => each.id === wanted,
    (each: Connection) => each.name.toLowerCase() === wanted,
    (each: Connection) => each.siteUrl.toLowerCase() === site,
  ]) {
    const found = all.filter(of);
    if (found.length > 1) {
      const ids = found.map(({ id, name }) => `${id} (${name})`).join(', ');
      throw new CommandFailed(exits.usage, `"${named}" is several connections. Give the id of one: ${ids}.`);
    }
    if (found[0] !== undefined) return found[0];
  }
  const names = all.map(({ name }) => `"${name}"`).join(', ');
  throw new CommandFailed(
    exits.notFound,
    `There is no connection "${named}". ${names === '' ? 'There is none at all.' : `There are: ${names}.`}`,
  );
}
