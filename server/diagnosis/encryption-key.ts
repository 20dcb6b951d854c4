import type { SealedSecrets } from '../../store/sealed.ts';
import { failed, ok, type DiagnosisCheck } from './check.ts';

/** Whether a key at hand opens every stored secret. */
export function encryptionKeyCheck(open: () => Promise<SealedSecrets>): DiagnosisCheck {
  return {
    name: 'encryption_key',
    title: 'Encryption key',
    why: 'Credentials are stored encrypted. What no key opens cannot be used.',
    async look() {
      const { secrets, unreadable } = await open();
      if (unreadable.length === 0) {
        return ok(secrets === 0 ? 'Nothing is encrypted yet.' : `All ${secrets} stored secrets open.`);
      }
      const places = [...new Set(unreadable.map(({ table, column }) => `${table}.${column}`))].join(', ');
      const damaged = unreadable.every(({ code }) => code === 'unreadable_secret');
      return failed(
        `${unreadable.length} of ${secrets} stored secrets do not open: ${places}.`,
        damaged
          ? 'They are damaged: restore them from a backup, or enter the credentials again.'
          : 'Put the key that sealed them into ENCRYPTION_KEYS_PREVIOUS, or back into ENCRYPTION_KEY, and restart all servers and workers. If it is lost, enter the credentials again.',
      );
    },
  };
}
