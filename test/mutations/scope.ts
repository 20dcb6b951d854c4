import type { Mutation } from './mutation.ts';

/** Mistakes in filters and choices by hand: what is decided, and what is left of what is not wanted. */
export const scope: Mutation[] = [
  {
    name: 'the body of what is left out stays',
    file: 'store/scope-flips.ts',
    search: 'delete from record_bodies where record_id in (select id from held where leaves)',
    replace: 'delete from record_bodies where record_id in (select id from held where false)',
    tests: ['store/scope-decide.test.ts'],
    only: 'what is stored is what was decided',
  },
  {
    name: 'what is gone meanwhile is made a record that is left out',
    file: 'store/scope-flips.ts',
    search: ' and r.state = i.was',
    replace: '',
    tests: ['store/scope-decide.test.ts'],
    only: 'left to the next decision',
  },
  {
    name: 'a body that was read of what is left out stays',
    file: 'store/scope-flips.ts',
    search: ' && reason === decided.reason && bodyDue)',
    replace: ' && reason === decided.reason)',
    tests: ['store/scope-decide.test.ts'],
    only: 'a body that was read of what is left out goes',
  },
  {
    name: 'a choice of a subtree reaches through the next one',
    file: 'store/scope-above.ts',
    search: "where b.mark in ('named', 'label') or c.external_id not in (select external_id from chosen)",
    replace: '',
    tests: ['store/scope-facts.test.ts'],
    only: 'walking up',
  },
  {
    name: 'what was chosen below a subtree counts on',
    file: 'store/record-choices.ts',
    search: "if (reach !== 'record')",
    replace: "if (reach === 'record')",
    tests: ['store/record-choices.test.ts'],
    only: 'is forgotten',
  },
  {
    name: 'a comment is wanted whose page is not',
    file: 'scope/decide.ts',
    search: "if (!of.wanted) return { ...of, reason: 'container' };",
    replace: '',
    tests: ['scope/decide-properties.test.ts'],
    only: 'belongs to something that is',
  },
  {
    name: 'the moments at the ends of Is After and Is Before are within',
    file: 'scope/decide.ts',
    search: '(from === null || at > from) && (to === null || at < to)',
    replace: '(from === null || at >= from) && (to === null || at <= to)',
    tests: ['scope/decide.test.ts'],
    only: 'milliseconds',
  },
];
