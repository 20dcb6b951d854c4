import { decodeText } from '../decode.ts';
import type { Source } from './source.ts';

/** Text, Markdown and CSV are their own text. Line ends become one kind. */
export function readPlain({ bytes, sink }: Source): void {
  const text = decodeText(bytes).replaceAll('\uFEFF', '');
  sink.block(text.replace(/\r\n?/g, '\n'));
}
