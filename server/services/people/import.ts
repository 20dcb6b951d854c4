import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { Conflict, InvalidInput } from '../../../errors.ts';
import { foldEmail } from '../../../store/fold-email.ts';
import { linkAccounts, loadPairs, pairKey, type KnownPair } from '../../../store/people-links.ts';
import type { Database, Db } from '../../../store/schema.ts';
import type { Actor } from '../../actor.ts';
import { audit } from '../audit.ts';
import { mostRows, readTable, type TableRow } from './table.ts';
import type { ImportInput, ImportLine, ImportPlan } from './views.ts';

const accountPattern = /^[\w:.-]{1,128}$/;
const proofs = { grant: 'a consent', sign_in: 'a sign-in' };

/** Whether this can be the id of an Atlassian account. */
export function isAccountId(text: string): boolean {
  return accountPattern.test(text);
}

/**
 * Says what a table would do, or does it: all of it in one transaction, refused lines left out.
 * @throws InvalidInput at `csv` or `rows`, Conflict `import_changed`
 */
export async function importTable(
  db: Kysely<Database>,
  actor: Actor,
  input: ImportInput,
  options: { dryRun: boolean; digest?: string | undefined },
): Promise<ImportPlan> {
  const rows = rowsOf(input);
  if (options.dryRun) return (await makePlan(db, rows)).plan;
  return db.transaction().execute(async (tx) => {
    const { plan, links } = await makePlan(tx, rows);
    if (options.digest !== undefined && options.digest !== plan.digest) throw changed();
    const stored = await linkAccounts(tx, links);
    // Somebody proved an account between the question and the answer.
    if (stored.length !== links.length) throw changed();
    const told = (outcome: ImportLine['outcome']) =>
      plan.lines
        .filter((line) => line.outcome === outcome)
        .map(({ accountId, email, from }) => ({ accountId, email, ...(from === null ? {} : { from }) }));
    await audit(tx, actor, 'people.import', `${links.length} accounts`, {
      after: { linked: told('link'), changed: told('change'), refused: plan.counts.refused },
    });
    return { ...plan, stored: true };
  });
}

function rowsOf(input: ImportInput): TableRow[] {
  if ('csv' in input) return readTable(input.csv);
  if (input.rows.length > mostRows) {
    throw new InvalidInput({ rows: `${mostRows} rows go at once. Import them in parts.` });
  }
  return input.rows.map(({ accountId, email }, index) => ({
    line: index + 1,
    accountId: accountId.trim(),
    email: email.trim(),
  }));
}

async function makePlan(
  db: Db,
  rows: readonly TableRow[],
): Promise<{ plan: ImportPlan; links: { accountId: string; userId: string }[] }> {
  const known = await loadPairs(
    db,
    rows.filter((row) => isAccountId(row.accountId)),
  );
  const emails = new Map<string, Set<string>>();
  for (const row of rows)
    emails.set(row.accountId, (emails.get(row.accountId) ?? new Set()).add(foldEmail(row.email)));
  const seen = new Set<string>();
  const links: { accountId: string; userId: string }[] = [];
  const lines = rows.map((row) => {
    const pair = known.get(pairKey(row.accountId, row.email));
    const judged = judge(row, pair, (emails.get(row.accountId)?.size ?? 0) > 1);
    const key = pairKey(row.accountId, row.email);
    if (judged.outcome === 'link' || judged.outcome === 'change') {
      if (seen.has(key))
        return { ...judged, outcome: 'same' as const, from: null, note: 'The same line came before.' };
      seen.add(key);
      links.push({ accountId: row.accountId, userId: pair?.userId ?? '' });
    }
    return judged;
  });
  const counts = { link: 0, change: 0, same: 0, refused: 0 };
  for (const line of lines) counts[line.outcome] += 1;
  const told = lines.map((line) => [line.accountId, line.email, line.outcome, line.from]);
  const digest = createHash('sha256').update(JSON.stringify(told)).digest('base64url');
  return { plan: { lines, counts, digest, stored: false }, links };
}

/** What becomes of a row, by what is known of it. */
function judge(row: TableRow, pair: KnownPair | undefined, ambiguous: boolean): ImportLine {
  const line: ImportLine = { ...row, outcome: 'refused', from: null, refused: null, note: null };
  const no = (refused: string): ImportLine => ({ ...line, refused });
  if (pair === undefined)
    return no('This is not the id of an Atlassian account, for example 5b10a2844c20165700ede21g.');
  if (ambiguous) return no('The table gives this account to several emails.');
  if (row.email === '') return no('The email is missing.');
  if (pair.userId === null)
    return no('Nobody here has this email. Add the person under Settings, Users first.');
  if (pair.userActive === false) return no('This user is deactivated.');
  if (pair.ownerId === pair.userId) return { ...line, outcome: 'same', note: noteOf(pair) };
  if (pair.ownerId === null) return { ...line, outcome: 'link', note: noteOf(pair) };
  if (pair.source !== 'administrator')
    return no(
      `${pair.ownerEmail ?? 'Somebody else'} has proven by ${proofs[pair.source ?? 'grant']} to be this account.`,
    );
  return { ...line, outcome: 'change', from: pair.ownerEmail, note: noteOf(pair) };
}

function noteOf(pair: KnownPair): string | null {
  if (!pair.known) return 'No connected site knows this account so far: check the id.';
  if (!pair.active) return 'The account is closed, and opens nothing while it is.';
  if (pair.proven) return 'The person has proven to be another account, which counts on that site instead.';
  return null;
}

function changed(): Conflict {
  return new Conflict(
    'import_changed',
    'People changed since this table was looked at. Nothing was stored: look at what it would do now.',
  );
}
