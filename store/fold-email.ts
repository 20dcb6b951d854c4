/**
 * An email as it is compared: only A to Z lose their case, as in `lower(email collate "C")`. Locales fold more, and not
 * alike: PostgreSQL makes "MİA" the same as "mia", which would show one person what another may see.
 */
export function foldEmail(email: string): string {
  return email.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
