/**
 * Glossary of the permission model (docs/permissions.md has it in prose).
 *
 * principal  someone who can be admitted: `user:<accountId>`, `group:<groupId>`, `class:<access class>`
 * layer      one place where access is decided: the product, a space, one restricted piece of content
 * ACL        the list of layers of an item; ALL of them must admit the viewer
 * viewer     a person of Sluice, with every principal that he or she holds on one site
 */
export type Principal = `user:${string}` | `group:${string}` | `class:${string}`;

export type LayerKind = 'product' | 'space' | 'content';

/** `unknown`: the layer could not be read, and admits nobody. `reason` says what failed. */
export interface Layer {
  id: string;
  kind: LayerKind;
  /** `product`, the space's external id, or the id of the restricted content. */
  sourceId: string;
  state: 'known' | 'unknown';
  principals: readonly Principal[];
  reason?: string | null;
  /** By principal, the names of the space roles through which it is admitted: for the explanation only. */
  roles?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A layer's content as read from Atlassian, before it is stored. `roles` names, by principal, the space roles through
 * which it is admitted: for the explanation only.
 */
export type LayerReading =
  | { state: 'known'; principals: Principal[]; roles?: Record<Principal, string[]> }
  | { state: 'unknown'; reason: string; principals: [] };
