import { attachmentHandling } from '../content/rules/attachments.ts';
import type { ContentRules } from '../content/rules/types.ts';
import { wantedOf, type AttachmentRule, type Wanted } from '../scope/wanted.ts';
import type { ConnectionSettings, Db } from './schema.ts';

/** Settings made ready to decide by, those in force or others that are tried, with all that decides beside them. */
export async function loadWanted(
  db: Db,
  connectionId: string,
  settings: ConnectionSettings,
): Promise<Wanted> {
  const choice = await db
    .selectFrom('record_choices')
    .select('external_id')
    .where('connection_id', '=', connectionId)
    .limit(1)
    .executeTakeFirst();
  return wantedOf(settings, {
    choices: choice !== undefined,
    attachments: attachmentRule(settings.content as ContentRules | undefined),
  });
}

/** null where the rules skip no attachment: then none needs to be asked about. */
function attachmentRule(rules: ContentRules | undefined): AttachmentRule | null {
  const { default: general, byType = [], maxBytes, larger } = rules?.attachments ?? {};
  const skips =
    general === 'skip' ||
    (maxBytes !== undefined && larger === 'skip') ||
    byType.some(({ handling }) => handling === 'skip');
  return skips && rules !== undefined ? (facts) => attachmentHandling(rules, facts) : null;
}
