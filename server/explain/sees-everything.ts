import type { Request } from 'express';
import type { Viewer } from '../actor.ts';
import { authenticationOf } from '../viewer.ts';

/**
 * Whether a caller is shown what nobody else may know: that a record is there, who sees it, why not. An administrator by
 * an own session or by a key that may administer; not one who looks through somebody's eyes.
 */
export function seesEverything(req: Request, viewer: Viewer): boolean {
  const keyScopes = authenticationOf(req)?.keyScopes ?? null;
  return (
    viewer.actor.role === 'administrator' &&
    !viewer.searchingAs &&
    (keyScopes === null || keyScopes.includes('administer'))
  );
}
