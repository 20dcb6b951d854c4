import { sql, type RawBuilder } from 'kysely';
import { cjkRuns, pairsOf, plain } from './cjk.ts';
import { hasNoWords, type ParsedQuery, type Term } from './query.ts';

type TsQuery = RawBuilder<unknown>;

/** A parsed query as SQL over a record_search row with the alias `s`. Texts are bound parameters, never SQL. */
export interface Matching {
  /** What must match, for ranking and snippets; null when no words were given. */
  positive: TsQuery | null;
  /** The same and without what is excluded: the condition that the index answers. */
  indexed: TsQuery | null;
  /** What the index cannot say, to be proven on the row. */
  proofs: RawBuilder<boolean>[];
}

/** Stems find other forms of a word; `sluice_exact`, which titles are indexed with too, finds stop words and beginnings. */
type Configuration = 'sluice' | 'sluice_exact';

export function matchingOf(query: ParsedQuery): Matching {
  const excludedWords = query.excluded.filter((term) => !term.cjk);
  const excludedCjk = query.excluded.filter((term) => term.cjk);
  const excludedQuery =
    excludedWords.length === 0
      ? null
      : joined(
          excludedWords.map((term) => wordQuery(term, 'sluice')),
          '||',
        );
  const proofs = [
    ...query.groups.filter((group) => group.some((term) => term.cjk)).map(groupProof),
    ...excludedCjk.map((term) => sql<boolean>`(${contains(term.text)}) is not true`),
  ];
  if (hasNoWords(query)) {
    if (excludedQuery !== null) proofs.push(sql<boolean>`(s.words @@ ${excludedQuery}) is not true`);
    return { positive: null, indexed: null, proofs };
  }
  const stems = groupsQuery(query, 'sluice');
  // Nothing but stop words ("who is who") leaves nothing to look for: then they are looked for in titles, as they stand.
  const positive = sql`(case when numnode(${stems}) = 0 then ${groupsQuery(query, 'sluice_exact')} else ${stems} end)`;
  return {
    positive,
    indexed: excludedQuery === null ? positive : sql`(${positive} && !!${excludedQuery})`,
    proofs,
  };
}

function groupsQuery(query: ParsedQuery, configuration: Configuration): TsQuery {
  const groups = query.groups.map((group) =>
    joined(
      group.map((term) => (term.cjk ? pairsQuery(term.text, configuration) : wordQuery(term, configuration))),
      '||',
    ),
  );
  return joined(groups, '&&');
}

function wordQuery(term: Term, configuration: Configuration): TsQuery {
  const config = sql`${sql.lit(configuration)}::regconfig`;
  const whole = sql`phraseto_tsquery(${config}, ${term.text})`;
  if (!term.prefix) return whole;
  const beginning = quoted(term.text);
  const [stemmed, exact] = [
    sql`to_tsquery('sluice', ${beginning})`,
    sql`to_tsquery('sluice_exact', ${beginning})`,
  ];
  // All words with a beginning are looked up once for each time that it stands there.
  return sql`(${whole} || case when ${stemmed} = ${exact} then ${exact} else ${stemmed} || ${exact} end)`;
}

/** One quoted operand of tsquery's language, as a prefix: inside the quotes only `'` and `\` mean anything. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, ' ')}':*`;
}

/**
 * What every text that holds a term with Chinese, Japanese or Korean has in the index: the pairs of its runs, and
 * words that stand alone. The rest, order and neighbourhood, is proven on the text.
 */
function pairsQuery(text: string, configuration: Configuration): TsQuery {
  const runs = cjkRuns(text).map((run) => {
    const pairs = pairsOf(run);
    return pairs === null
      ? sql`to_tsquery('sluice', ${quoted(run)})`
      : sql`plainto_tsquery('sluice', ${pairs.join(' ')})`;
  });
  const words = text.split(/\s+/).filter((piece) => cjkRuns(piece).length === 0);
  const config = sql`${sql.lit(configuration)}::regconfig`;
  return joined(
    words.length === 0 ? runs : [...runs, sql`plainto_tsquery(${config}, ${plain(words.join(' '))})`],
    '&&',
  );
}

function groupProof(group: Term[]): RawBuilder<boolean> {
  const terms = group.map((term) =>
    term.cjk ? contains(term.text) : sql<boolean>`s.words @@ ${wordQuery(term, 'sluice')}`,
  );
  return sql<boolean>`(${sql.join(terms, sql` or `)})`;
}

/** record_search.cjk holds the pieces between white space that have such characters, without the words among them. */
function contains(text: string): RawBuilder<boolean> {
  const pieces = text.split(/\s+/).filter((piece) => cjkRuns(piece).length > 0);
  const patterns = pieces.map((piece) => sql`sluice_folded(s.cjk) ilike ${`%${likeLiteral(piece)}%`}`);
  return sql<boolean>`(${sql.join(patterns, sql` and `)})`;
}

/** Text that LIKE takes letter for letter. */
export function likeLiteral(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

function joined(queries: TsQuery[], operator: '&&' | '||'): TsQuery {
  return sql`(${sql.join(queries, sql.raw(` ${operator} `))})`;
}
