import { cjkRuns, folded, plain } from './cjk.ts';

/** A word or a phrase that was asked for. `text` is folded (NFKC), without control characters, never empty. */
export interface Term {
  kind: 'word' | 'phrase';
  text: string;
  /** The word is still being typed: also what begins with it. */
  prefix: boolean;
  /** Holds Chinese, Japanese or Korean: matched as a substring. */
  cjk: boolean;
}

/** Fields that a query can narrow by: `space:HR type:page label:policy author:"Anna Berg" audience:legal`. */
export const queryFields = ['space', 'type', 'label', 'author', 'audience'] as const;
export type QueryField = (typeof queryFields)[number];

/** What was understood of the words that somebody typed. Holds no operators: each text is only ever matched. */
export interface ParsedQuery {
  /** Every group must match; a group matches when one of its terms does. */
  groups: Term[][];
  /** None of these may match. */
  excluded: Term[];
  /** Field prefixes in the query; several of one field mean any of them. */
  fields: Partial<Record<QueryField, string[]>>;
  /** The rest was not read: longer than `queryBounds` allow. */
  truncated: boolean;
}

/** Bounds of one query: characters that are read, terms, characters of a term. */
export const queryBounds = { characters: 500, terms: 24, termCharacters: 100 } as const;

const token = /(?<minus>-?)(?:(?<field>[a-z]+):)?(?:"(?<phrase>[^"]*)(?:"|$)|(?<word>[^\s"]+))/giu;

/**
 * Reads what a person typed. Words must all match; `"…"` is a phrase; `-word` and `-"a phrase"` exclude; `OR` (in
 * capitals) joins the terms on its two sides, before everything else; `space:`, `type:`, `label:`, `author:`
 * and `audience:` narrow. Never fails: what makes no sense as an operator is a word, what holds no letter or digit is dropped.
 * @param options.prefix the last word is still being typed, unless a space or a quote closed it
 */
export function parseQuery(input: string, options: { prefix?: boolean } = {}): ParsedQuery {
  const characters = [...folded(withoutControls(input))];
  const text = characters.slice(0, queryBounds.characters).join('');
  const parsed: ParsedQuery = {
    groups: [],
    excluded: [],
    fields: {},
    truncated: characters.length > queryBounds.characters,
  };
  let count = 0;
  let joinNext = false;
  for (const match of text.matchAll(token)) {
    const { minus = '', field, phrase, word } = match.groups ?? {};
    if (phrase === undefined && match[0] === 'OR') {
      joinNext = parsed.groups.length > 0;
      continue;
    }
    const name = field?.toLowerCase();
    if (isField(name) && minus === '') {
      const value = (phrase ?? word ?? '').trim().slice(0, queryBounds.termCharacters);
      if (value !== '') parsed.fields[name] = [...(parsed.fields[name] ?? []), value];
      continue;
    }
    // Some other word before a colon is no field but part of the text: `error:404`.
    const body = field === undefined ? (phrase ?? word ?? '') : `${field}:${phrase ?? word ?? ''}`;
    const isLast = match.index + match[0].length === text.length && !parsed.truncated;
    const term = termOf(body, phrase !== undefined, options.prefix === true && isLast && minus === '');
    if (term === null) continue;
    if (count === queryBounds.terms) {
      parsed.truncated = true;
      break;
    }
    count += 1;
    if (minus === '-') parsed.excluded.push(term);
    else if (joinNext) parsed.groups.at(-1)?.push(term);
    else parsed.groups.push([term]);
    joinNext = false;
  }
  return parsed;
}

/** Whether nothing is asked of the text: then the newest records are listed. */
export function hasNoWords(query: ParsedQuery): boolean {
  return query.groups.length === 0;
}

function termOf(body: string, isPhrase: boolean, prefix: boolean): Term | null {
  const given = [...body.trim()].slice(0, queryBounds.termCharacters).join('');
  const cjk = cjkRuns(given).length > 0;
  // Text with Chinese, Japanese or Korean is proven as it was typed; of other text the words are asked for.
  const text = cjk ? given : plain(given);
  if (!/[\p{L}\p{N}]/u.test(text)) return null;
  return {
    kind: isPhrase || text.includes(' ') ? 'phrase' : 'word',
    text,
    // Two letters begin half of all words: that early, a prefix would only be noise.
    prefix: prefix && !isPhrase && !cjk && /[\p{L}\p{N}]{3}$/u.test(text),
    cjk,
  };
}

function isField(name: string | undefined): name is QueryField {
  return queryFields.some((field) => field === name);
}

/** Control characters, lone surrogates (PostgreSQL takes neither), and the private-use marks of snippets. */
function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\uE000\uE001]/gu, ' ');
}
