import 'express-session';
import type { Request } from 'express';
import { save } from '../session.ts';
import { formText } from './page.ts';

declare module 'express-session' {
  interface SessionData {
    /** What was typed into a form and not saved, by form; never a secret. */
    drafts: Record<string, Record<string, string>>;
    /** What the last test of a connection found. */
    tests: Record<
      string,
      { at: string; ok: boolean; checks: { name: string; ok: boolean; message: string }[] }
    >;
  }
}

/** Drafts that a session holds; the oldest gives way. */
const mostDrafts = 20;

/** The draft of a form, or null. */
export function draftOf(req: Request, form: string): Record<string, string> | null {
  return req.session.drafts?.[form] ?? null;
}

/** Keeps the named fields of what was posted, and only those: secrets are not named. */
export function keepDraft(req: Request, form: string, names: readonly string[]): Promise<void> {
  return keepValues(req, form, Object.fromEntries(names.map((name) => [name, formText(req, name, 500)])));
}

/** The same for what was read from the form already; no secret is in it. */
export async function keepValues(req: Request, form: string, values: Record<string, string>): Promise<void> {
  const others = Object.entries(req.session.drafts ?? {}).filter(([name]) => name !== form);
  req.session.drafts = Object.fromEntries([...others, [form, values] as const].slice(-mostDrafts));
  await save(req);
}

export function dropDraft(req: Request, form: string): void {
  const { [form]: _dropped, ...others } = req.session.drafts ?? {};
  req.session.drafts = others;
}
