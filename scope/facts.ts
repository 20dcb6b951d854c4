/** What is known of one record where it is decided whether it is wanted. Times are milliseconds since 1970. */
export interface Facts {
  kind: string;
  externalId: string;
  /** null: of no space that is known. */
  space: { key: string; type: string; status: string } | null;
  labels: readonly string[];
  authorId: string | null;
  createdAt: number | null;
  modifiedAt: number | null;
  /** Of an attachment. */
  mediaType: string | null;
  fileSize: number | null;
  title: string;
  above: Above;
}

/** What the places above a record, and the record itself, say together. */
export interface Above {
  /** It is, or lies below, a page that the filter of page ids names. */
  named: boolean;
  /** It carries, or lies below what carries, the tree's label. */
  treeLabel: boolean;
  /** The nearest choice by hand: its own, the nearest place's, its space's; null: none. */
  choice: boolean | null;
}
