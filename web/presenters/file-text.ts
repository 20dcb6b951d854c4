import type { AttachmentText } from '../../store/attachment-texts.ts';
import type { Tone } from '../components/badge.ts';

/** Why an attachment shows no text, in words, and what to do about it. */
export interface FileTextNotice {
  tone: Tone;
  title: string;
  words: string;
}

const remedies: Record<string, string> = {
  rule: 'An administrator can change that in Configure, under Content.',
  too_large: 'Attach a smaller file, or split it.',
  empty: 'Attach it again, if it should hold something.',
  encrypted: 'Attach it without a password; who may see it is decided by the page.',
  unsupported: 'Its name is found, and its page.',
  bomb: 'Save it anew with the program that made it, and attach it again.',
  broken: 'Open it in Atlassian. If it does not open there either, save it anew and attach it again.',
  took_too_long: 'It is tried again by itself.',
  wrong_length: 'It is tried again by itself.',
  download: 'It is tried again by itself.',
};

/** What stands in the place of an attachment's text; null where the text itself does. */
export function fileTextNotice({ state, code, message }: AttachmentText): FileTextNotice | null {
  if (state === 'done') return null;
  if (state === 'due') {
    const words = 'The next sync reads it. Until then it is found by its name.';
    return { tone: 'quiet', title: 'Its text has not been read yet', words };
  }
  const words = [message, remedies[code ?? '']]
    .filter((each) => each !== undefined && each !== null)
    .join(' ');
  return state === 'failed'
    ? { tone: 'warning', title: 'Its text could not be read', words }
    : { tone: 'quiet', title: 'It has no text here', words };
}
