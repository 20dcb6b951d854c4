import type { ExtractionCode, ExtractionFailure } from './types.ts';

/** A reader's word that a file has no text here, and why. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: ExtractionCode;

  constructor(code: ExtractionCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What is told of an error. Those of parsers quote the file, which somebody else may read: theirs are not told. */
export function failureOf(error: unknown): ExtractionFailure {
  if (error instanceof Refused) return { ok: false, code: error.code, message: error.message };
  // What a parser asked for at once was more than a thread has.
  if (error instanceof RangeError && /allocation|array length|string length/i.test(error.message)) {
    return {
      ok: false,
      code: 'too_large',
      message: 'Reading the file takes more memory than one file may have.',
    };
  }
  return {
    ok: false,
    code: 'broken',
    message: 'The file is damaged, or is not what its content says it is.',
  };
}
