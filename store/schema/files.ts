import type { Generated } from 'kysely';

/** `due`: still to be looked at; `none`: no text to read; `failed`: it could not be read. */
export type AttachmentTextState = 'due' | 'done' | 'failed' | 'none';

export interface AttachmentTextsTable {
  record_id: string;
  connection_id: string;
  version: number;
  state: AttachmentTextState;
  read_version: number | null;
  rules: Generated<string>;
  kind: string | null;
  code: string | null;
  message: string | null;
  truncated: Generated<boolean>;
  read_at: Date | null;
}
