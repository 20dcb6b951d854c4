/** What a CQL clause can ask about: one searchable thing. Functions are called only when a clause needs them. */
export interface CqlItem {
  id: string;
  type: CqlType;
  title: string;
  /** Empty for users. */
  spaceKey: string;
  spaceTitle: string;
  spaceType: string;
  labels: readonly string[];
  creator: string;
  /** The page or blog post of a comment or attachment, else null. */
  container: string | null;
  parent: string | null;
  /** Epoch milliseconds. */
  created: number;
  lastModified: number;
  /** Title, words of the body and labels. */
  text(): string;
  contributors(): readonly string[];
  mentions(): readonly string[];
  ancestors(): readonly string[];
  macros(): readonly string[];
}

export const CQL_TYPES = [
  'page',
  'blogpost',
  'comment',
  'attachment',
  'folder',
  'whiteboard',
  'database',
  'embed',
  'space',
  'user',
] as const;
export type CqlType = (typeof CQL_TYPES)[number];

/** Who asks, when, and in which time zone dates without one are read (an IANA name; the site's). */
export interface CqlEnvironment {
  accountId: string;
  now: number;
  timeZone: string;
  /** Only the search for users may ask about `user`, `user.fullname`, `user.accountid` and `user.userkey`. */
  userFields: boolean;
}
