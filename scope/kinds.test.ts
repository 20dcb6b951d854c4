import { expect, test } from '@jest/globals';
import { holdersRead, kindsRead } from './kinds.ts';
import type { WantedSettings } from './settings.ts';

const all = { page: true, blogpost: true, comment: true, attachment: true };

test.each<[name: string, settings: WantedSettings, off: Partial<typeof all>]>([
  ['nothing', {}, {}],
  ['blog posts', { indexing: { blogposts: false } }, { blogpost: false }],
  ['comments of pages alone', { indexing: { pageComments: false } }, {}],
  ['all comments', { indexing: { pageComments: false, blogpostComments: false } }, { comment: false }],
  [
    'pages, with the comments of posts',
    { indexing: { pages: false, blogpostComments: false } },
    { page: false, comment: false },
  ],
  [
    'what content types do not name',
    { filters: { contentTypes: { operator: 'in', values: ['page', 'comment'] } } },
    { blogpost: false, attachment: false },
  ],
  [
    'what content types leave out',
    { filters: { contentTypes: { operator: 'not_in', values: ['comment'] } } },
    { comment: false },
  ],
])('where %s is off, the rest is read', (_name, settings, off) => {
  expect(kindsRead(settings)).toEqual({ ...all, ...off });
});

test('comments and attachments are of what is read itself', () => {
  expect(holdersRead({ indexing: { pageComments: false } }, 'comment')).toEqual(['blogpost']);
  expect(holdersRead({ indexing: { blogposts: false } }, 'attachment')).toEqual(['page']);
});
