import type { Mutation } from './mutation.ts';

/** Mistakes in content rules: who is shown a preview, and what rendering anew leaves behind. */
export const content: Mutation[] = [
  {
    name: 'a preview tells of a page that the administrator may not see',
    file: 'server/services/content-rules.ts',
    search: '{ everything: false, connectionId: connection.id }',
    replace: '{ everything: true, connectionId: connection.id }',
    tests: ['server/api/content-rules.test.ts'],
    only: 'answers exactly as what is not there',
  },
  {
    name: 'rendering anew overwrites what was written meanwhile',
    file: 'store/rendered-bodies.ts',
    search: ' and b.rules = i.before',
    replace: '',
    tests: ['store/rendered-bodies.test.ts'],
    only: 'left alone',
  },
  {
    name: 'a body of other rules leaves its connection marked as rendered',
    file: 'store/records.ts',
    search: 'update connections set rendered_rules = null',
    replace: 'update connections set rendered_rules = rendered_rules',
    tests: ['activities/rendering/render-stored.test.ts'],
    only: 'looked at again',
  },
];
