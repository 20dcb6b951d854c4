/** What a file turned out to be, by its content. */
export type FileKind =
  | 'pdf'
  | 'docx'
  | 'xlsx'
  | 'pptx'
  | 'odt'
  | 'ods'
  | 'odp'
  | 'rtf'
  | 'html'
  | 'markdown'
  | 'csv'
  | 'text';

/** Why a file has no text here. Each has words and a remedy in docs/attachments.md. */
export type ExtractionCode =
  | 'too_large'
  | 'empty'
  | 'encrypted'
  | 'bomb'
  | 'broken'
  | 'took_too_long'
  | 'unsupported';

/** A file on disk, with what is told of it; its content decides where the two differ. */
export interface FileToRead {
  path: string;
  /** The file's name, for its ending alone. */
  name: string;
  mediaType: string | null;
}

export interface ExtractedText {
  ok: true;
  kind: FileKind;
  /** Lines of words; at most `limits.characters`. */
  text: string;
  /** There was more than `text` holds. */
  truncated: boolean;
  /** What was left out, in words. */
  warnings: string[];
}

export interface ExtractionFailure {
  ok: false;
  code: ExtractionCode;
  /** One sentence in words. Quotes nothing of the file. */
  message: string;
}

export type Extraction = ExtractedText | ExtractionFailure;

/** How much one file may cost. */
export interface ExtractionLimits {
  /** Largest file, bytes. */
  fileBytes: number;
  /** Most characters of text that are kept. */
  characters: number;
  /** Most bytes that a packed file may hold unpacked. */
  unpackedBytes: number;
  /** Most entries of a packed file. */
  entries: number;
  /** Most bytes unpacked for one packed; counts from `ratioFromBytes` on, as repeated rows compress well. */
  ratio: number;
  ratioFromBytes: number;
  /** Heap of the thread that reads the file, MB. */
  heapMb: number;
  /** The thread's memory beside its heap (buffers), MB. */
  buffersMb: number;
  deadlineMs: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: ExtractionLimits = {
  fileBytes: 50 * MiB,
  characters: 2_000_000,
  unpackedBytes: 256 * MiB,
  entries: 10_000,
  ratio: 200,
  ratioFromBytes: 64 * MiB,
  heapMb: 192,
  buffersMb: 160,
  deadlineMs: 30_000,
};
