import type { Response } from 'express';

/** What a response costs beyond the one point that every API request costs. */
export interface Charge {
  /** Pages, blog posts, spaces, comments, attachments in the answer: one point each. */
  core?: number;
  /** Users, groups, permissions, restrictions in the answer: two points each. */
  identity?: number;
}

/** Points of OAuth apps by UTC hour; API tokens are counted but never walled. */
export interface Meter {
  /** Call before the answer is sent; may be called several times for one answer. */
  charge(res: Response, cost: Charge): void;
}
