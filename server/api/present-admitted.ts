import { admittedPrincipals } from '../../permissions/admits.ts';
import type { Layer, Principal } from '../../permissions/types.ts';
import type { NamedPrincipal } from '../../store/record-access.ts';

/** Whom a layer admits: for administrators, who see by it what would let somebody in. */
export interface AdmittedAnswer {
  principals: { principal: string; name: string | null; known: boolean }[];
  more: number;
}

/** Names of whom a layer admits, bounded, and how many more there are. */
export function presentAdmitted(layer: Layer, names: ReadonlyMap<Principal, NamedPrincipal>): AdmittedAnswer {
  const { shown, more } = admittedPrincipals(layer);
  return {
    principals: shown.map((principal) => {
      const found = names.get(principal);
      return { principal, name: found?.name ?? null, known: found?.known ?? false };
    }),
    more,
  };
}
