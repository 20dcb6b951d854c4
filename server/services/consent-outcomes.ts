import type { Refusal } from '../oauth/refusals.ts';

/** How the last step of a consent ended. `userId` is set where somebody signs in. */
export type Outcome = { ok: true; userId: string | null; message: string } | ({ ok: false } & Refusal);

export function refuse(code: string, message: string): Outcome {
  return { ok: false, code, message };
}
