import { z } from 'zod';
import { InvalidInput } from '../errors.ts';

const email = z.email();

/** Trimmed; case is kept for showing. @throws InvalidInput */
export function checkEmail(given: string, field = 'email'): string {
  const trimmed = given.trim();
  if (trimmed.length > 320 || !email.safeParse(trimmed).success) {
    throw new InvalidInput({ [field]: 'An email address, for example ada@example.com.' });
  }
  return trimmed;
}
