import { keyLives } from '../../web/components/keys.ts';

/** When a key made now ends, by the choice of its form; null: when it is revoked. Anything else is the first choice. */
export function endOfLife(choice: string, now: Date): string | null {
  if (choice === 'never') return null;
  const days = keyLives.some(({ value }) => value === choice) ? Number(choice) : Number(keyLives[0].value);
  return new Date(now.getTime() + days * 86_400_000).toISOString();
}
