/** Names of the stages that read each kind of thing: walked whole, and as a feed of changes. */
export const stages = {
  page: {
    full: 'pages',
    feed: 'changed pages',
    trashed: 'trashed pages',
    added: 'pages of new spaces',
  },
  blogpost: {
    full: 'blog posts',
    feed: 'changed blog posts',
    trashed: 'trashed blog posts',
    added: 'blog posts of new spaces',
  },
  footer: { full: 'footer comments', feed: 'changed footer comments' },
  inline: { full: 'inline comments', feed: 'changed inline comments' },
  /** Comments with their replies, by CQL: only as a feed. */
  comment: { full: 'comments', feed: 'changed comments' },
  attachment: { full: 'attachments', feed: 'changed attachments' },
} as const;

/** Stages that read newest first: each run walks them from their top, whatever another one has read of them. */
export const feedStages: readonly string[] = Object.values(stages).flatMap((names) =>
  'trashed' in names ? [names.feed, names.trashed] : [names.feed],
);
