import { dirname, resolve } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { CommandFailed, exits } from '../exit.ts';
import { readText } from '../secrets.ts';
import { fileSchema, type SecretReference, type WantedFile } from './schema.ts';

export type Path = readonly (string | number)[];

export interface ConfigurationFile {
  wanted: WantedFile;
  /** `connections.yaml:12: connections[0].siteUrl`: where in the file something stands, or what it would stand in. */
  place(path: Path): string;
  /** A secret's file is named from where this file stands. */
  secretPlace(reference: SecretReference): { env: string } | { file: string };
}

/** Reads `connections.yaml`. @throws CommandFailed that names every fault by its line, path and remedy */
export function readConfigurationFile(path: string): ConfigurationFile {
  return parseConfiguration(path, readText(path));
}

/** The same of a text that is at hand; `name` is what it is called in faults. */
export function parseConfiguration(name: string, text: string): ConfigurationFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new CommandFailed(
      exits.usage,
      document.errors
        .map(({ message, pos }) => `${name}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`)
        .join('\n'),
    );
  }
  const place = (at: Path) => `${name}:${lineOf(document, lines, at)}: ${written(at)}`;
  const parsed = fileSchema.safeParse(valueOf(document, name) ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => {
      const at = issue.path.filter((part) => typeof part !== 'symbol');
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${place([...at, key])}: There is no such field.`)
        : `${place(at)}: ${issue.message}`;
    });
    throw new CommandFailed(exits.usage, faults.join('\n'));
  }
  return {
    wanted: parsed.data,
    place,
    secretPlace: (reference) =>
      'env' in reference ? reference : { file: resolve(dirname(name), reference.file) },
  };
}

/** @throws CommandFailed where aliases would make a small file huge */
function valueOf(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new CommandFailed(
      exits.usage,
      `${name}:1: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** The line of what a path names, or of the nearest thing above it that is there. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      offset = range?.[0] ?? offset;
    } else {
      break;
    }
  }
  return lines.linePos(offset).line;
}

/** `connections[0].siteUrl` */
function written(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.replace(/^\./, '') || 'the file';
}
