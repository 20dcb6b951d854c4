import { countHiddenEmails } from '../../store/email-visibility.ts';
import type { Db } from '../../store/schema.ts';
import { ok, skipped, warning, type DiagnosisCheck } from './check.ts';

/** The share of people whose email Atlassian does not show to apps. */
export function emailsCheck(db: Db, connectionId: string): Omit<DiagnosisCheck, 'connection'> {
  return {
    name: 'emails',
    title: 'Email visibility',
    why: 'People are matched by their email, or by their own consent. Who is not matched sees nothing of the site.',
    async look() {
      const { people, hidden, hiddenButLinked } = await countHiddenEmails(db, connectionId);
      if (people === 0) return skipped('No person of the site has been read yet.');
      const share = Math.round((hidden / people) * 100);
      const told = `${hidden} of ${people} people (${share} %) hide their email; ${hiddenButLinked} of them are known by other proof.`;
      if (hidden === hiddenButLinked) return ok(told);
      return warning(
        told,
        'Let the others open /connect-account and consent once, or set their email visible in their Atlassian profile, or link them under People (docs/email-visibility.md).',
      );
    },
  };
}
