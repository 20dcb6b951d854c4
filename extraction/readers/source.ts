import type { OfficePart } from '../office-parts.ts';
import type { Packed } from '../packed.ts';
import type { TextSink } from '../text-sink.ts';

/** What a reader works on. */
export interface Source {
  bytes: Buffer;
  sink: TextSink;
  /** What is left out, in words. */
  warn(message: string): void;
}

/** Of a file in a ZIP container. */
export interface PackedSource extends Source {
  packed: Packed;
  parts: readonly OfficePart[];
}
