import { admits, canViewSpace, hasProduct } from './canView.ts';
import type { Truth } from './truth.ts';

/**
 * Whether one layer alone lets an account through: the product, a space, or the view restriction of one piece of
 * content. What does not exist lets nobody through.
 * @param accountId null for a visitor
 * @param sourceId id of the space or the content; of no matter for the product
 */
export function layerAdmits(
  truth: Truth,
  accountId: string | null,
  kind: 'product' | 'space' | 'content',
  sourceId: string,
): boolean {
  switch (kind) {
    case 'product':
      return hasProduct(truth, accountId);
    case 'space': {
      const space = truth.spaces.find(({ id }) => id === sourceId);
      return space !== undefined && canViewSpace(truth, accountId, space);
    }
    case 'content': {
      const item = truth.content.find(({ id }) => id === sourceId);
      return item !== undefined && admits(truth, accountId, item.restrictions.read);
    }
  }
}
