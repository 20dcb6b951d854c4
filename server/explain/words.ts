/** What somebody is told who asks about something that he or she may not see, or that is not there: never which. */
export const nothingFound = 'There is nothing here that you may see by this address, id or title.';

/** Every reason that there can be, whichever it is. */
export const hiddenReasons: string[] = [
  'You may not open it in Atlassian: its space, the page itself or a page above it may be restricted.',
  'It is not there, or was deleted, archived or is a draft.',
  'It is not read: its site, its space or its kind may not be connected.',
  'It, or its permissions, changed after Sluice read them last.',
  'Your Atlassian account is another one than Sluice knows you by.',
];

/** What to do, in this order. @param sites the sites on which the person is known */
export function hiddenRemedies(sites: readonly { promisedSeconds: number | null }[]): string[] {
  const promises = sites.map((site) => site.promisedSeconds).filter((seconds) => seconds !== null);
  const longest = promises.length === 0 || promises.length < sites.length ? null : Math.max(...promises);
  return [
    'Open it in Atlassian. If that does not work either, ask there for access.',
    sites.length === 0
      ? 'If it works there: connect your Atlassian account under Profile. None is known as yours.'
      : 'If it works there: check under Profile that you open it with the account that is known as yours.',
    longest === null
      ? 'If it is the same account: wait for the next sync, and search again.'
      : `If it is the same account: a change counts here within ${minutes(longest)}; wait as long, and search again.`,
    'If it is still missing: ask an administrator of Sluice, who can see why.',
  ];
}

function minutes(seconds: number): string {
  const rounded = Math.max(1, Math.ceil(seconds / 60));
  return rounded === 1 ? 'a minute' : `${rounded} minutes`;
}
