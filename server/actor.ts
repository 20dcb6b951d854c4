import { SluiceError } from '../errors.ts';
import type { Role } from '../store/schema.ts';

/** What an API key may be used for. A session may do whatever its user's role allows. */
export const apiKeyScopes = ['search', 'administer', 'impersonate'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** Who makes a call: always a user of Sluice, whatever proved it. */
export interface Actor {
  userId: string;
  email: string;
  name: string;
  role: Role;
  /** `setup`: the variables or the set-up link of the first start. */
  via: 'session' | 'api_key' | 'setup';
  /** From where the call comes, as the server sees it. */
  address?: string | undefined;
}

/** Whose eyes a search or a record is read with. */
export interface Viewer {
  userId: string;
  email: string;
  name: string;
  /** Who really makes the call; differs from the viewer when searching as somebody. */
  actor: Actor;
  /** True when the viewer is not the actor: by `search as` in the pages or by `X-Sluice-User`. */
  searchingAs: boolean;
}

/** Nobody is signed in and no valid key came along. Answered with 401; pages go to /sign-in instead. */
export class NotSignedIn extends SluiceError {
  override name = 'NotSignedIn';
  constructor(message = 'Sign in, or send an API key as "Authorization: Bearer <key>".') {
    super('not_signed_in', message, { status: 401 });
  }
}

/** The caller is known and may not do this. Answered with 403. */
export class Forbidden extends SluiceError {
  override name = 'Forbidden';
  constructor(code: string, message: string) {
    super(code, message, { status: 403 });
  }
}

/** @throws Forbidden `administrators_only` */
export function requireAdministrator(actor: Actor): void {
  if (actor.role !== 'administrator') {
    throw new Forbidden('administrators_only', 'Only an administrator may do this. Ask one of yours.');
  }
}
