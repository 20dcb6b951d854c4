import 'express-session';
import type { Request } from 'express';
import type { Actor } from './actor.ts';
import type { PendingConsent } from './services/contracts.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** Milliseconds since 1970. */
    signedInAt: number;
    /** What the browser said it is when it signed in. */
    device: string;
    /** The user whom an administrator searches as. */
    searchAs: string;
    consents: Record<string, PendingConsent>;
    /** Shown once on the next page: how a consent ended. */
    flash: Flash;
  }
}

export interface Flash {
  ok: boolean;
  code: string;
  message: string;
  link?: { href: string; label: string };
}

/** Signs in under a fresh session id (an id planted before is worth nothing). */
export async function signIn(req: Request, actor: Actor): Promise<void> {
  await regenerate(req);
  req.session.userId = actor.userId;
  req.session.signedInAt = Date.now();
  req.session.device = (req.get('user-agent') ?? '').slice(0, 300);
  await save(req);
}

/** Ends the session in the store; the cookie is then unknown. */
export function signOut(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
}

/**
 * Switches `search as` on (a user's id) or off (null), under a fresh session id since rights change.
 * The caller has checked that the actor is an administrator and has written the audit log (services.access.findViewer
 * does both).
 */
export async function searchAs(req: Request, userId: string | null): Promise<void> {
  const { userId: own, signedInAt, device } = req.session;
  await regenerate(req);
  if (own !== undefined) req.session.userId = own;
  if (signedInAt !== undefined) req.session.signedInAt = signedInAt;
  if (device !== undefined) req.session.device = device;
  if (userId !== null) req.session.searchAs = userId;
  await save(req);
}

/** Reads the message for the next page, and forgets it. */
export function takeFlash(req: Request): Flash | null {
  const { flash } = req.session;
  delete req.session.flash;
  return flash ?? null;
}

/** Writes the session before the answer goes out, so that a redirect's next request sees it. */
export function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
}

function regenerate(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
