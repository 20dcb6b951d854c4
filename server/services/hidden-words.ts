import type { HiddenCause } from '../../store/hidden-obstacles.ts';

interface Words {
  reason: string;
  remedy: string;
}

const nextSync = 'Nothing: the next sync reads it.';

const places: Record<string, Words> = {
  unreadable: {
    reason: 'It could not be read.',
    remedy:
      'In Confluence, let the connected account view it. What is below it is shown again once it can be read.',
  },
  found: { reason: 'It was found and has not been read yet.', remedy: nextSync },
  absent: {
    reason:
      'Something hangs below it, and no listing of Confluence held it: it is a draft, archived, in the trash or shut to the connected account.',
    remedy:
      'Open it in Confluence as the connected account. Restore it, let the account view it, or move what is below it elsewhere.',
  },
  'no space': { reason: 'Its space is not known.', remedy: 'Nothing: the next full sync reads it.' },
  'other space': {
    reason: 'It hangs below a place of another space, which cannot be: one of both was read before a move.',
    remedy: 'Nothing: the next full sync reads both.',
  },
};

const layers: Record<string, Words> = {
  groups: {
    reason: 'It admits only groups whose members could not be read.',
    remedy:
      'Let the connected account read the members of these groups; by OAuth that is the scope read:confluence-groups. Take a group that was deleted out of the list in Confluence.',
  },
  nobody: {
    reason: 'It names nobody whom Confluence identifies.',
    remedy: 'Look at who is named there in Confluence, and name people or groups that exist.',
  },
};

const causes: Record<Exclude<HiddenCause, 'place'>, Words> = {
  product: {
    reason: 'Who may use Confluence at all could not be read.',
    remedy:
      'Give the connected account the global permission "Can use", and by OAuth the scope read:confluence-groups; then read permissions again.',
  },
  space: {
    reason: 'Who may view the space could not be read.',
    remedy: 'Give the connected account view permission on this space; then read permissions again.',
  },
  restriction: {
    reason: 'Its view restriction could not be read.',
    remedy:
      'In Confluence, let the connected account view it, and by OAuth give the scope read:confluence-content.all.',
  },
  unread: {
    reason: 'Its view restriction has not been read yet.',
    remedy: `${nextSync} If it stays here, look for it in the log of the last run.`,
  },
  held: {
    reason: 'Confluence refuses somebody there whom Sluice admitted.',
    remedy: 'Nothing: it is read again in each permission sync, and shown once both agree.',
  },
  unseen: {
    reason:
      'Confluence did not list it when it was asked last: it was deleted or archived, or is shut to the connected account.',
    remedy:
      'If it is there in Confluence, let the connected account view it and sync again. Otherwise the next full sync without failures removes it.',
  },
};

/** Why in words, where Atlassian's answer says nothing, and what to do about it. `detail` as store/hidden.ts has it. */
export function hiddenWords(cause: HiddenCause, detail: string | null): Words {
  if (cause !== 'place') return layers[detail ?? ''] ?? causes[cause];
  return (
    places[detail ?? ''] ?? {
      reason: `Its status in Confluence is "${detail ?? 'not known'}", and such a place carries nothing.`,
      remedy: 'Restore it in Confluence, or move what is below it elsewhere.',
    }
  );
}
