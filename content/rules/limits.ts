/** How many rules of a kind there may be: so many, and what a form offers beside them, fit in one posted form. */
export const mostRules = { fields: 30, macros: 100, types: 40 } as const;

/** Macros without a rule that a form offers. */
export const mostOffered = 40;
