import type { Layer, Principal } from './types.ts';

/**
 * Whether a viewer who holds `principals` may see an item with these layers: every layer must be known and admit
 * one of them (AND of ORs). `layers` null means that the item's ACL is not settled yet; that, and an empty list,
 * admit nobody: every item has at least its product and its space.
 *
 * `store/visibility.ts` answers the same question in SQL; a property test holds both equal.
 */
export function canSee(principals: ReadonlySet<Principal>, layers: readonly Layer[] | null): boolean {
  return (
    layers !== null && layers.length > 0 && layers.every((layer) => admittedBy(principals, layer) !== null)
  );
}

/** The first of a layer's principals that the viewer holds; null where none is, and where the layer is not known. */
export function admittedBy(principals: ReadonlySet<Principal>, layer: Layer): Principal | null {
  return layer.state === 'known' ? (layer.principals.find((one) => principals.has(one)) ?? null) : null;
}
