/** A mistake that the product could make, as a change of one place in its source. */
export interface Mutation {
  /** What the product believes then. */
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  search: string;
  replace: string;
  /** Tests that are expected to notice, the narrowest first; the broad ones follow by themselves. */
  tests: readonly string[];
  /** Of these, only tests of this name, where a whole file would take minutes. */
  only?: string;
}

/** Tests that look at everything; tried where the narrow ones notice nothing. */
export const broadTests = [
  'test/sync/visibility.test.ts',
  'test/sync/visibility-mistakes.test.ts',
  'test/sync/visibility-later.test.ts',
  'test/sync/visibility-failures.test.ts',
  'test/sync/permission-faults.test.ts',
] as const;
