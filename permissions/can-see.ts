import type { Layer, LayerVerdict, Principal, Verdict } from './types.ts';

/**
 * Whether a viewer who holds `principals` may see an item with these layers: every layer must be known and admit
 * one of them (AND of ORs). `layers` null means that the item's ACL is not settled yet; that, and an empty list,
 * admit nobody: every item has at least its product and its space.
 *
 * `store/visibility.ts` answers the same question in SQL; a property test holds both equal.
 */
export function canSee(principals: ReadonlySet<Principal>, layers: readonly Layer[] | null): boolean {
  return (
    layers !== null && layers.length > 0 && layers.every((layer) => verdictOf(principals, layer).admitted)
  );
}

/** The same decision with each layer's verdict and, in words, the first layer that refuses. */
export function explain(principals: ReadonlySet<Principal>, layers: readonly Layer[] | null): Verdict {
  if (principals.size === 0) {
    return {
      visible: false,
      layers: [],
      reason: 'No active Atlassian account of this site is matched to this person.',
    };
  }
  if (layers === null || layers.length === 0) {
    return {
      visible: false,
      layers: [],
      reason:
        'Who may see this has not been settled: something above it, or its own restrictions, could not be read yet.',
    };
  }
  const verdicts = layers.map((layer) => verdictOf(principals, layer));
  const refusing = verdicts.find((verdict) => !verdict.admitted);
  return {
    visible: refusing === undefined,
    layers: verdicts,
    reason: refusing === undefined ? 'Every layer admits this person.' : refusal(refusing.layer),
  };
}

function verdictOf(principals: ReadonlySet<Principal>, layer: Layer): LayerVerdict {
  const by = layer.state === 'known' ? (layer.principals.find((one) => principals.has(one)) ?? null) : null;
  return { layer, admitted: by !== null, by };
}

function refusal(layer: Layer): string {
  if (layer.state === 'unknown') {
    const what = layer.reason ?? 'it could not be read';
    return `${describe(layer)} is not known (${what}), and what is not known admits nobody.`;
  }
  return `${describe(layer)} does not admit this person.`;
}

function describe(layer: Layer): string {
  switch (layer.kind) {
    case 'product':
      return 'Access to the product';
    case 'space':
      return 'The space';
    case 'content':
      return `The view restriction of content ${layer.sourceId}`;
  }
}
