import { Parser } from 'htmlparser2';
import { decodeText } from '../decode.ts';
import type { Source } from './source.ts';

const unseen = new Set(['script', 'style', 'noscript', 'template', 'svg', 'object', 'iframe']);
const blocks = new Set(
  'address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table title tr ul'.split(
    ' ',
  ),
);

/** Words of a page as a reader sees them: a line for each block and each row of a table. Nothing is loaded or run. */
export function readHtml({ bytes, sink }: Source): void {
  let skipping = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (unseen.has(name)) skipping += 1;
      else if (blocks.has(name)) sink.line();
    },
    onclosetag(name) {
      if (unseen.has(name)) skipping -= 1;
      else if (blocks.has(name)) sink.line();
      else if (name === 'td' || name === 'th') sink.raw('\t');
    },
    ontext(words) {
      if (skipping === 0) sink.words(words);
    },
  });
  const head = bytes.toString('latin1', 0, 4_096);
  const source = decodeText(bytes, /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]);
  const step = 256 * 1024;
  for (let at = 0; at < source.length && !sink.full; at += step) parser.write(source.slice(at, at + step));
  parser.end();
}
