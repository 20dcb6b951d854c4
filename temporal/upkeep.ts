import type { Kysely } from 'kysely';
import { refreshIdleGrants } from '../activities/credentials/care.ts';
import { applyKeys } from '../activities/credentials/keys.ts';
import { warnOfCredentials } from '../activities/credentials/warnings.ts';
import type { AtlassianHttp } from '../atlassian/http.ts';
import { createOAuthClient } from '../atlassian/oauth.ts';
import type { ServiceConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import { createNoticePost } from '../notices/post.ts';
import { createNoticeSender } from '../notices/sender.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { pruneNotices } from '../store/notice-deliveries.ts';
import { forgetOld } from '../store/retention.ts';
import type { Database } from '../store/schema.ts';

const careEveryMs = 3_600_000;

/**
 * What every worker process does beside its work, whichever of them comes first: secrets sealed with the current key,
 * consents kept alive, warnings ahead of time, notices sent, what is old forgotten. Resolves after the first round of the keys, so that no sync
 * starts with secrets that are about to be sealed anew. What fails is logged and tried again in an hour.
 */
export async function startUpkeep(deps: {
  db: Kysely<Database>;
  config: Pick<
    ServiceConfig,
    'encryptionKey' | 'previousEncryptionKeys' | 'publicUrl' | 'allowedPrivateHosts'
  >;
  http: AtlassianHttp;
  log: Logger;
}): Promise<{ stop(): Promise<void> }> {
  const { db, config, log } = deps;
  const keys = keyProviderFromKey(config.encryptionKey, config.previousEncryptionKeys);
  const cipher = createCipher(keys);
  const oauth = createOAuthClient({ http: deps.http });
  const post = createNoticePost({ allowedPrivateHosts: config.allowedPrivateHosts });
  const sender = createNoticeSender({ db, cipher, post, publicUrl: config.publicUrl, log });

  const attempt = (what: string, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => log.warn({ err: error }, `${what} failed; trying again in an hour.`));
  const seal = () =>
    attempt('Sealing secrets with the current key', () =>
      applyKeys({ db, cipher, currentKeyId: keys.current().id, log }),
    );
  const care = async () => {
    await attempt('Refreshing unused consents', () => refreshIdleGrants({ db, cipher, oauth, log }));
    await attempt('Warning of credentials that end', () => warnOfCredentials(db, new Date()));
    await attempt('Forgetting old notices', () => pruneNotices(db));
    await attempt('Forgetting old runs, logs and removals', () => forgetOld(db));
  };

  await seal();
  let caring: Promise<unknown> = care();
  sender.start();
  const timer = setInterval(() => {
    // A process that was not given the key yet may have sealed with the old one meanwhile.
    caring = seal().then(care);
  }, careEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.allSettled([caring, sender.stop()]);
      await post.close();
    },
  };
}
