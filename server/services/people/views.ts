import type { AccountlessReason, UserFilter } from '../../../store/people-users.ts';
import type { AccountFilter, MatchedBy, UnmatchedReason } from '../../../store/people-accounts.ts';
import type { Actor } from '../../actor.ts';
import type { PageRequest } from '../contracts.ts';
import type { Page } from '../../views.ts';

/** An account of a connected site, and who it is here. */
export interface PersonView {
  connection: { id: string; name: string };
  accountId: string;
  name: string;
  /** Null: hidden. */
  email: string | null;
  /** The email that was known first, where it was another: it needs confirmation. */
  emailBefore: string | null;
  accountType: string;
  state: 'matched' | 'unmatched';
  matchedBy: MatchedBy | null;
  reason: UnmatchedReason | null;
  /** To whom it is linked, or who has its email: of an unmatched account, who it would be. */
  user: { id: string; email: string; name: string } | null;
  /** What links it, whether or not that counts. */
  linkedBy: Exclude<MatchedBy, 'email'> | null;
  /** The user who has the account's email and is somebody else. */
  otherEmailOwner: string | null;
  /** Indexed records that the account alone may read, and as of when; null: not counted. */
  records: number | null;
  countedAt: string | null;
  readAt: string;
}

/** A user of Sluice on one connected site. */
export interface UserMatchView {
  user: { id: string; email: string; name: string };
  connection: { id: string; name: string };
  state: 'matched' | 'unmatched';
  matchedBy: MatchedBy | null;
  reason: AccountlessReason | null;
  accountId: string | null;
}

export interface PeopleRequest extends PageRequest {
  connection?: string | undefined;
  state?: NonNullable<AccountFilter['state']> | undefined;
  q?: string | undefined;
  sort?: 'name' | 'records' | undefined;
}

export interface UserMatchesRequest extends PageRequest {
  connection?: string | undefined;
  state?: NonNullable<UserFilter['state']> | undefined;
  q?: string | undefined;
}

export interface PeoplePage extends Page<PersonView> {
  /** Accounts by state (`matched` or a reason) that the connection and the words find. */
  counts: Record<string, number>;
  /** Accounts whose records are not counted yet, in the order by records; else 0. */
  uncounted: number;
}

export interface UserMatchesPage extends Page<UserMatchView> {
  counts: Record<string, number>;
}

/** What becomes of one row of a table. `refused` and `note` are words for people. */
export interface ImportLine {
  line: number;
  accountId: string;
  email: string;
  outcome: 'link' | 'change' | 'same' | 'refused';
  /** Of a change: whose the account is until now. */
  from: string | null;
  refused: string | null;
  note: string | null;
}

export interface ImportPlan {
  lines: ImportLine[];
  counts: Record<ImportLine['outcome'], number>;
  /** Of what would happen: sent along, only exactly this is stored. */
  digest: string;
  /** Whether it was stored. */
  stored: boolean;
}

export type ImportInput = { csv: string } | { rows: readonly { accountId: string; email: string }[] };

export interface ConfirmedEmail {
  connectionId: string;
  accountId: string;
  email: string;
}

/** What an administrator may ask and say about who is whom. Refuses like every service (services/contracts.ts). */
export interface PeopleService {
  accounts(actor: Actor, request?: PeopleRequest): Promise<PeoplePage>;
  users(actor: Actor, request?: UserMatchesRequest): Promise<UserMatchesPage>;
  /** One account on one site. @throws NotFound */
  account(actor: Actor, key: { connectionId: string; accountId: string }): Promise<PersonView>;
  /** @throws InvalidInput at `email`, Conflict `account_taken` */
  link(actor: Actor, input: { accountId: string; email: string }): Promise<void>;
  /** Removes whatever links the account. @throws NotFound */
  unlink(actor: Actor, accountId: string): Promise<{ email: string }>;
  /**
   * Says that accounts whose email changed are still the same people. All or none.
   * @throws Conflict `email_changed_again` where one shows another email by now, or needs no confirmation
   */
  confirmEmails(actor: Actor, changed: readonly ConfirmedEmail[]): Promise<number>;
  /**
   * What a table would link, change and refuse; with `dryRun` false it is stored, in one transaction.
   * @param options.digest of the plan that somebody agreed to
   * @throws InvalidInput at `csv`, Conflict `import_changed` where the plan is another by now
   */
  importTable(
    actor: Actor,
    input: ImportInput,
    options: { dryRun: boolean; digest?: string | undefined },
  ): Promise<ImportPlan>;
  /** The accounts that a request finds as a CSV, in parts. */
  exportAccounts(actor: Actor, request?: PeopleRequest): AsyncIterable<string>;
  /** Every link, as a CSV that can be imported. */
  exportLinks(actor: Actor): AsyncIterable<string>;
}
