import { decodeAs } from '../decode.ts';
import type { TextSink } from '../text-sink.ts';
import type { Source } from './source.ts';

/** Groups that hold no words of the text: fonts, colours, pictures, properties (Rich Text Format 1.9.1). */
const unseen = new Set(
  'fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator info pict object themedata colorschememapping datastore latentstyles xmlnstbl fldinst filetbl revtbl bkmkstart bkmkend mmathPr wgrffmtfilter panose falt shpinst nonshppict'.split(
    ' ',
  ),
);

const characters: Record<string, string> = {
  tab: ' ', emdash: '—', endash: '–', emspace: ' ', enspace: ' ', lquote: '‘', rquote: '’', ldblquote: '“',
  rdblquote: '”', bullet: '•',
}; // prettier-ignore
const lineEnds = new Set(['par', 'line', 'sect', 'page', 'row']);

interface Group {
  skipped: boolean;
  /** Characters that stand in for one of Unicode, to be passed over after it. */
  fallback: number;
}

const token =
  /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/g;

/** Words of a Rich Text file. Total: what is not understood is passed over. */
export function readRtf({ bytes, sink }: Source): void {
  const source = bytes.toString('latin1');
  const groups: Group[] = [];
  let group: Group = { skipped: false, fallback: 1 };
  let charset = 'windows-1252';
  let pending: number[] = [];
  let passOver = 0;

  const flush = () => {
    if (pending.length === 0) return;
    sink.raw(decodeAs(charset, Uint8Array.from(pending)) ?? '');
    pending = [];
  };
  const byte = (code: number) => {
    if (passOver > 0) passOver -= 1;
    else if (!group.skipped) pending.push(code);
  };

  token.lastIndex = 0;
  for (let match = token.exec(source); match !== null && !sink.full; match = token.exec(source)) {
    const [, word, number, hex, symbol, brace, plain] = match;
    if (hex !== undefined) byte(Number.parseInt(hex, 16));
    else if (plain !== undefined) for (const character of plain) byte(character.charCodeAt(0));
    else {
      flush();
      if (brace === '{') {
        // Deeper than any program writes: the groups around are forgotten rather than kept.
        if (groups.length < 10_000) groups.push({ ...group });
      } else if (brace === '}') {
        group = groups.pop() ?? group;
        passOver = 0;
      } else if (word === 'bin') token.lastIndex += Math.max(0, Number(number ?? 0));
      else if (word === 'u' && number !== undefined) {
        if (!group.skipped) sink.raw(String.fromCharCode(Number(number) & 0xffff));
        passOver = group.fallback;
      } else if (word === 'uc') group.fallback = Math.max(0, Number(number ?? 1));
      else if (word === 'ansicpg') charset = charsetOf(Number(number));
      else if (word !== undefined) control(word, group, sink);
      else if (symbol !== undefined) escaped(symbol, group, sink);
    }
  }
  flush();
}

function control(word: string, group: Group, sink: TextSink): void {
  if (unseen.has(word)) group.skipped = true;
  else if (group.skipped) return;
  else if (lineEnds.has(word)) sink.line();
  else if (word === 'cell') sink.raw('\t');
  else sink.raw(characters[word] ?? '');
}

function escaped(symbol: string, group: Group, sink: TextSink): void {
  // "\*" begins a group that programs who do not know it are to pass over.
  if (symbol === '*') group.skipped = true;
  else if (group.skipped) return;
  else if (symbol === '~') sink.raw(' ');
  else if (symbol === '_') sink.raw('-');
  else if (symbol === '\n' || symbol === '\r') sink.line();
  else if ('\\{}'.includes(symbol)) sink.raw(symbol);
}

function charsetOf(codePage: number): string {
  const named: Record<number, string> = {
    932: 'shift_jis',
    936: 'gbk',
    949: 'euc-kr',
    950: 'big5',
    65001: 'utf-8',
  };
  const name = named[codePage] ?? `windows-${codePage}`;
  return decodeAs(name, new Uint8Array()) === null ? 'windows-1252' : name;
}
