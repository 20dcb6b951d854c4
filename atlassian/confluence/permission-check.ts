import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';

const answer = z.object({ hasPermission: z.boolean() });

/** Confluence's own word on one person and one piece of content. */
export function createPermissionCheck(api: Api) {
  return {
    /**
     * Whether an account may view content: site, space and restrictions together (v1 `content/{id}/permission/check`).
     * For others than oneself it needs the global permission Confluence Administrator.
     * @throws AtlassianError `forbidden` or `scope_mismatch` without that right; `not_found` for content that is gone
     */
    async checkPermission(contentId: string, accountId: string): Promise<boolean> {
      const { value } = await api.call({
        method: 'POST',
        path: `/wiki/rest/api/content/${encodeURIComponent(contentId)}/permission/check`,
        json: { subject: { type: 'user', identifier: accountId }, operation: 'read' },
        estimate: pointsOf({ identity: 1 }),
        schema: answer,
        points: () => pointsOf({ identity: 1 }),
      });
      return value.hasPermission;
    },
  };
}
