import { z } from 'zod';
import type { Api } from '../api.ts';
import { readAllByOffset } from './listing.ts';
import type { ConfluenceGroup } from './types.ts';
import { offsetListOf } from './wire.ts';

const group = z.object({ id: z.string().min(1), name: z.string() });
const member = z.object({ accountId: z.string().nullish() });

/** Groups and their members. Cloud has no nested groups in these answers. */
export function createGroups(api: Api) {
  return {
    listGroups(options: { accessType?: 'user' | 'admin' | 'site-admin' }): Promise<ConfluenceGroup[]> {
      return readAllByOffset(api, {
        path: '/wiki/rest/api/group',
        query: { accessType: options.accessType },
        item: group,
        list: offsetListOf,
      });
    },

    /** A member without an account id can be nobody that we know, and is left out: that only ever denies. */
    async listGroupMembers(groupId: string): Promise<string[]> {
      const members = await readAllByOffset(api, {
        path: `/wiki/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`,
        item: member,
        list: offsetListOf,
      });
      return [...new Set(members.flatMap(({ accountId }) => accountId || []))];
    },
  };
}
