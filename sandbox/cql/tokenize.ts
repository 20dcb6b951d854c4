import { CqlError } from './ast.ts';

/** `word` is bare text (a field, keyword, number or unquoted value); `string` was quoted and is unescaped. */
export interface Token {
  kind: 'word' | 'string' | 'operator' | '(' | ')' | ',' | 'end';
  text: string;
  at: number;
}

const OPERATORS = ['!=', '!~', '>=', '<=', '=', '~', '>', '<'];
const SPACE = /\s/;
/** Everything that ends a bare word; the rest, such as `~key`, `557058:ab-c` or `a.b`, needs no quotes. */
const DELIMITER = /[\s()",'=!<>]/;

/** Splits a CQL query into tokens, ending with one of kind `end`. Throws CqlError at an unclosed quote. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const char = query[at]!;
    if (SPACE.test(char)) {
      at += 1;
      continue;
    }
    if (char === '(' || char === ')' || char === ',') {
      tokens.push({ kind: char, text: char, at });
      at += 1;
      continue;
    }
    if (char === '"' || char === "'") {
      const { text, end } = quoted(query, at);
      tokens.push({ kind: 'string', text, at });
      at = end;
      continue;
    }
    const operator = operatorAt(query, at, tokens.at(-1));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, at });
      at += operator.length;
      continue;
    }
    let end = at;
    while (end < query.length && !DELIMITER.test(query[end]!) && !(query[end] === '~' && end > at)) end += 1;
    if (end === at) throw new CqlError(`Unexpected character '${char}'`, at);
    tokens.push({ kind: 'word', text: query.slice(at, end), at });
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at: query.length });
  return tokens;
}

/** A `~` is an operator only after a field: elsewhere it begins the key of a personal space. */
function operatorAt(query: string, at: number, before: Token | undefined): string | undefined {
  const operator = OPERATORS.find((candidate) => query.startsWith(candidate, at));
  return operator === '~' && before?.kind !== 'word' ? undefined : operator;
}

function quoted(query: string, start: number): { text: string; end: number } {
  const quote = query[start];
  let text = '';
  for (let at = start + 1; at < query.length; at += 1) {
    const char = query[at]!;
    if (char === quote) return { text, end: at + 1 };
    if (char === '\\' && at + 1 < query.length) {
      at += 1;
      text += query[at]!;
    } else {
      text += char;
    }
  }
  throw new CqlError('Unclosed quote', start);
}
