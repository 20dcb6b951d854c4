/** How a macro is rendered: as its kind asks (`convert`), as its source, as plain words, or not at all. */
export const macroHandlings = ['convert', 'raw', 'text', 'drop'] as const;
export type MacroHandling = (typeof macroHandlings)[number];

/** Tables as tables of Markdown, as HTML with merged cells kept, or as one line of words a row. */
export const tableForms = ['markdown', 'html', 'text'] as const;
export type TableForm = (typeof tableForms)[number];

/** Images as images of Markdown, by file name, by alternative text, as a link, or not at all. */
export const imageForms = ['markdown', 'name', 'alt', 'link', 'drop'] as const;
export type ImageForm = (typeof imageForms)[number];

/** Attachments with the text of the file, with what is told of the file alone, or not at all. */
export const attachmentHandlings = ['text', 'link', 'skip'] as const;
export type AttachmentHandling = (typeof attachmentHandlings)[number];

/** One exception by kind of file. The first that fits decides. */
export interface AttachmentTypeRule {
  /** Media types (`application/pdf`, `image/*`) and file name extensions (`.zip`), in any case. */
  types: readonly string[];
  handling: AttachmentHandling;
}

/** What a named field of a record is taken from. */
export interface FieldRule {
  /** One of `fieldSources`. */
  from: string;
  /** What the field holds where the record has nothing there; absent: null. */
  default?: string | undefined;
}

/** What of a page becomes the record, as stored with a connection. Whatever is absent is as in `withDefaults`. */
export interface ContentRules {
  /** By the field's name. */
  fields?: Record<string, FieldRule> | undefined;
  macros?:
    | { default?: MacroHandling | undefined; byName?: Record<string, MacroHandling> | undefined }
    | undefined;
  tables?: TableForm | undefined;
  images?: ImageForm | undefined;
  attachments?:
    | {
        default?: AttachmentHandling | undefined;
        byType?: readonly AttachmentTypeRule[] | undefined;
        /** Bytes. Of larger files no text is read. */
        maxBytes?: number | undefined;
        /** What larger files are; `link` unless set. */
        larger?: 'link' | 'skip' | undefined;
      }
    | undefined;
}
