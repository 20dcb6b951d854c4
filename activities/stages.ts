/** Names of the stages that read each kind of thing: walked whole, and as a feed of changes. */
export const stages = {
  page: { full: 'pages', feed: 'changed pages' },
  blogpost: { full: 'blog posts', feed: 'changed blog posts' },
  footer: { full: 'footer comments', feed: 'changed footer comments' },
  inline: { full: 'inline comments', feed: 'changed inline comments' },
  attachment: { full: 'attachments', feed: 'changed attachments' },
} as const;

/** The stage that reads own view restrictions and labels. */
export const accessStage = 'restrictions';
