import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import { InvalidInput } from '../../errors.ts';
import { pageSize } from './listing.ts';
import type { ConfluenceAccount } from './types.ts';
import { listOf } from './wire.ts';

const account = z.object({
  accountId: z.string().min(1),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
  email: z.string().nullish(),
  accountType: z.string().nullish(),
  accountStatus: z.string().nullish(),
  isExternalCollaborator: z.boolean().nullish(),
  isGuest: z.boolean().nullish(),
});

const operations = z.object({
  operations: z.array(z.object({ operation: z.string(), targetType: z.string() })).nullish(),
});

/** People by account id, what visitors may do, and who the credential is. */
export function createAccounts(api: Api) {
  return {
    async readAccounts(accountIds: string[]): Promise<ConfluenceAccount[]> {
      if (accountIds.length > pageSize) {
        throw new InvalidInput({ accountIds: `At most ${pageSize} accounts are read at once.` });
      }
      if (accountIds.length === 0) return [];
      const { value } = await api.call({
        method: 'POST',
        path: '/wiki/api/v2/users-bulk',
        json: { accountIds },
        estimate: pointsOf({ identity: accountIds.length }),
        schema: listOf(account),
        points: ({ results }) => pointsOf({ identity: results.length }),
      });
      return value.results.map((each) => toAccount(each, 'unknown'));
    },

    /** Whether a visitor who has not signed in may use the site (v1 `user/anonymous`); untold is no. */
    async readVisitorsMayUse(): Promise<boolean> {
      const { value } = await api.call({
        path: '/wiki/rest/api/user/anonymous',
        query: { expand: 'operations' },
        estimate: pointsOf({ identity: 1 }),
        schema: operations,
        points: () => pointsOf({ identity: 1 }),
      });
      return (value.operations ?? []).some(
        ({ operation, targetType }) => operation === 'use' && targetType === 'application',
      );
    },

    async currentAccount(): Promise<ConfluenceAccount> {
      const { value } = await api.call({
        path: '/wiki/rest/api/user/current',
        query: { expand: 'isExternalCollaborator' },
        estimate: pointsOf({ identity: 1 }),
        schema: account,
        points: () => pointsOf({ identity: 1 }),
      });
      // v1 tells no status; whoever just used the credential is active.
      return toAccount(value, 'active');
    },
  };
}

function toAccount(item: z.output<typeof account>, status: string): ConfluenceAccount {
  return {
    accountId: item.accountId,
    displayName: item.displayName || item.publicName || '',
    email: item.email || null,
    accountType: item.accountType || 'unknown',
    accountStatus: item.accountStatus || status,
    guest: item.isExternalCollaborator === true || item.isGuest === true,
  };
}
