import { Parser } from 'htmlparser2';
import type { Packed } from './packed.ts';
import { Refused } from './refused.ts';

/** What a reader of XML is told. Names are local ones: generators choose prefixes as they like. */
export interface XmlEvents {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(words: string): void;
  /** True once nothing more is wanted. */
  enough?(): boolean;
}

/** No Office file nests anywhere near as deep; a parser's stack is memory. */
const deepest = 1_000;

/**
 * Reads one entry of a container as XML, piece by piece: memory does not grow with it. Entities of its own are never
 * expanded, and a DTD, which is where they would be declared, ends it: no Office format has one.
 * @throws Refused `bomb`, `broken`
 */
export async function walkXml(packed: Packed, name: string, events: XmlEvents): Promise<void> {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1;
        if (depth > deepest) throw new Refused('bomb', `The file nests more than ${deepest} elements.`);
        events.open(local(tag), attributes);
      },
      onclosetag(tag) {
        depth -= 1;
        events.close(local(tag));
      },
      ontext: (words) => events.text(words),
      onprocessinginstruction(kind) {
        if (/^!(doctype|entity)/i.test(kind)) {
          throw new Refused('bomb', 'The file declares entities of its own, which no Office file needs.');
        }
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  let decoder: TextDecoder | null = null;
  for await (const bytes of packed.read(name)) {
    decoder ??= new TextDecoder(encodingOf(bytes));
    parser.write(decoder.decode(bytes, { stream: true }));
    if (events.enough?.() === true) return;
  }
  parser.end(decoder?.decode() ?? '');
}

/** An attribute by its local name. */
export function attribute(attributes: Record<string, string>, name: string): string | undefined {
  if (attributes[name] !== undefined) return attributes[name];
  const key = Object.keys(attributes).find((each) => local(each) === name);
  return key === undefined ? undefined : attributes[key];
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** Office writes UTF-8; the standard allows UTF-16 as well. */
function encodingOf(head: Buffer): string {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) return 'utf-16le';
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) return 'utf-16be';
  return 'utf-8';
}
