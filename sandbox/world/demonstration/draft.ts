import type { Attachment, Comment, ContentStatus, ContentType } from '../types.ts';
import type { GroupKey, PersonKey } from './people.ts';

/** Who is admitted. The crawlers' group is added, unless the page is kept from them too. */
export interface Readers {
  users?: PersonKey[];
  groups?: GroupKey[];
  hiddenFromCrawlers?: boolean;
}

/** One node of a space's tree, as the demonstration's authors write it. */
export interface Draft {
  title: string;
  body?: string;
  by?: PersonKey;
  type?: ContentType;
  status?: ContentStatus;
  labels?: string[];
  /** View restriction. */
  readers?: Readers;
  /** Edit restriction, which limits nobody's reading. */
  editors?: Readers;
  comments?: DraftComment[];
  files?: DraftFile[];
  children?: Draft[];
}

export interface DraftComment {
  by: PersonKey;
  body: string;
  /** Inline when there is a selection. */
  on?: string;
  resolution?: NonNullable<Comment['marker']>['resolution'];
  replies?: DraftComment[];
}

export interface DraftFile {
  title: string;
  mediaType: string;
  /** As text, or as base64. */
  text?: string;
  base64?: string;
  labels?: string[];
  status?: Attachment['status'];
}
