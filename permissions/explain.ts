import { admittedBy } from './can-see.ts';
import { pathOf, type Holdings, type Path } from './path.ts';
import type { Layer, Principal } from './types.ts';

/** Ways by which a layer admits somebody, and names of whom it admits, are listed up to this many. */
export const mostListed = 10;

/** One principal that a layer admits and the viewer holds, and how the viewer comes by it. */
export interface Admission {
  principal: Principal;
  path: Path;
}

export interface LayerVerdict {
  layer: Layer;
  admitted: boolean;
  /** The first of the viewer's principals that the layer admits, when it does. */
  by: Principal | null;
  /** All of them, at most `mostListed`; `moreAdmissions` are left out. */
  admissions: Admission[];
  moreAdmissions: number;
}

export interface Verdict {
  visible: boolean;
  /** Outermost first; empty when nobody's principals, or no layers, could be judged. */
  layers: LayerVerdict[];
}

/**
 * The decision of `canSee` with each layer's verdict and every way by which it admits.
 * @param holdings null: no active account of the site is this person's
 */
export function explain(holdings: Holdings | null, layers: readonly Layer[] | null): Verdict {
  if (layers === null || layers.length === 0) return { visible: false, layers: [] };
  const verdicts = layers.map((layer) => verdictOf(holdings, layer));
  return { visible: verdicts.every((verdict) => verdict.admitted), layers: verdicts };
}

function verdictOf(holdings: Holdings | null, layer: Layer): LayerVerdict {
  const by = holdings === null ? null : admittedBy(holdings.principals, layer);
  if (holdings === null || by === null)
    return { layer, admitted: false, by: null, admissions: [], moreAdmissions: 0 };
  const all = layer.principals.filter((one) => holdings.principals.has(one));
  const admissions = all
    .slice(0, mostListed)
    .map((principal) => ({ principal, path: pathOf(holdings, layer, principal) }));
  return { layer, admitted: true, by, admissions, moreAdmissions: all.length - admissions.length };
}

/**
 * In words, what decides: the first layer that refuses, or that every layer admits.
 * @param nameOf what a layer's place is called where that may be told; null: its id stands for it
 */
export function reasonOf(
  verdict: Verdict,
  holdings: Holdings | null,
  nameOf: (layer: Layer) => string | null,
): string {
  if (holdings === null || holdings.principals.size === 0) {
    return 'No active Atlassian account of this site is matched to this person.';
  }
  if (verdict.layers.length === 0) {
    return 'Who may see this has not been settled: something above it, or its own restrictions, could not be read yet.';
  }
  const refusing = verdict.layers.find(({ admitted }) => !admitted);
  if (refusing === undefined) return 'Every layer admits this person.';
  const place = placeOf(refusing.layer, nameOf(refusing.layer));
  if (refusing.layer.state === 'known') return `${place} does not admit this person.`;
  const what = refusing.layer.reason ?? 'it could not be read';
  return `${place} is not known (${what}), and what is not known admits nobody.`;
}

function placeOf(layer: Layer, name: string | null): string {
  switch (layer.kind) {
    case 'product':
      return 'Access to the product';
    case 'space':
      return name === null ? 'The space' : `The space “${name}”`;
    case 'content':
      return `The view restriction of ${name === null ? `content ${layer.sourceId}` : `“${name}”`}`;
  }
}
