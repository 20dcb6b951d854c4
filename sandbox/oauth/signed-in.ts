import type { Request, Response } from 'express';
import type { WorldStore } from '../world/store.ts';
import type { Person } from '../world/types.ts';

const COOKIE = 'sandbox_account';

/** Who this browser has signed in as, while the account is active. */
export function signedInPerson(store: WorldStore, req: Request): Person | undefined {
  const match = /(?:^|;\s*)sandbox_account=([^;]+)/.exec(req.get('cookie') ?? '');
  const person = match?.[1] === undefined ? undefined : store.person(decoded(match[1]));
  return person?.status === 'active' ? person : undefined;
}

export function rememberSignIn(res: Response, { accountId }: Person): void {
  res.cookie(COOKIE, accountId, { httpOnly: true, sameSite: 'lax', path: '/' });
}

export function forgetSignIn(res: Response): void {
  res.clearCookie(COOKIE, { path: '/' });
}

/** A cookie that nobody here has set may hold anything. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
