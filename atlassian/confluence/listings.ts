/** What the batch readers of types.ts are asked with. */

export interface SpaceListing {
  cursor: string | null;
  status?: 'current' | 'archived';
  /** At most 250 ids. */
  ids?: string[];
  /** At most 250 keys. */
  keys?: string[];
  limit?: number;
}

export interface CommentListing {
  placement: 'footer' | 'inline';
  cursor: string | null;
  /** Bodies are left out when false, and are then empty. */
  body?: boolean;
  newestFirst?: boolean;
  limit?: number;
}

export interface ReplyListing {
  placement: 'footer' | 'inline';
  /** The comment that is replied to. */
  to: string;
  cursor: string | null;
}

export interface CommentSearch {
  cql: string;
  cursor: string | null;
  /** Bodies are left out when false, and are then empty. */
  body?: boolean;
  limit?: number;
}

export interface AttachmentListing {
  cursor: string | null;
  /** Of `current`, `archived`, `trashed`; Atlassian's default is the first two. */
  status?: string[];
  newestFirst?: boolean;
  limit?: number;
}

export interface PageListing {
  cursor: string | null;
  /** At most 100; absent: the whole site. */
  spaceIds?: string[];
  /** At most 250 ids. */
  ids?: string[];
  /** Of `current`, `archived` (pages only), `trashed`, `deleted`. */
  status?: string[];
  /** Storage bodies are left out when false. */
  body: boolean;
  newestFirst?: boolean;
  limit?: number;
}
