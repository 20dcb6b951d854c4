import type { ConversionContext } from '../types.ts';
import { convertStorage } from './convert.ts';

/** A site that knows one person, for tests of the conversion. */
export const CONTEXT: ConversionContext = {
  baseUrl: 'https://acme.atlassian.net/wiki',
  spaceKey: 'ENG',
  userName: (accountId) => (accountId === 'ada-1' ? 'Ada *Lovelace*' : null),
};

/** One row of a table of examples: what it shows, the body, and both outputs. */
export type Example = [behaviour: string, body: string, markdown: string, text: string];

/** Both outputs of a body. */
export function converted(body: string, context = CONTEXT): { markdown: string; text: string } {
  const { markdown, text } = convertStorage(body, context);
  return { markdown, text };
}
