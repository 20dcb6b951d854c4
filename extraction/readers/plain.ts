import { decodeText, isUtf16 } from '../decode.ts';
import type { Source } from './source.ts';

/** Text, Markdown and CSV are their own text. Line ends become one kind. Of a long file only the beginning is decoded. */
export function readPlain({ bytes, sink }: Source): void {
  const text = decodeText(beginning(bytes, sink.limit)).replaceAll('\uFEFF', '');
  sink.block(text.replace(/\r\n?/g, '\n'));
}

/** Bytes of at least so many characters and one more, cut between two of them. */
function beginning(bytes: Buffer, characters: number): Buffer {
  let end = 4 * (characters + 1);
  if (bytes.length <= end) return bytes;
  // UTF-8 marks bytes that go on with a character; of UTF-16 the number is even as it should be.
  if (!isUtf16(bytes)) while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
