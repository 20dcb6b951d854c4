import type { Expression, Operand, Query } from './ast.ts';

/** Writes a query so that it parses to itself: every value quoted, every nested group in parentheses. */
export function render(query: Query): string {
  const order = query.orderBy.map((key) => `${key.field} ${key.direction}`).join(', ');
  return expression(query.where) + (order === '' ? '' : ` order by ${order}`);
}

function expression(node: Expression): string {
  if (node.kind === 'not') return `not ${grouped(node.term)}`;
  if (node.kind !== 'clause') return node.terms.map(grouped).join(` ${node.kind} `);
  const values = node.values.map(operand).join(', ');
  const isList = node.operator === 'in' || node.operator === 'not in';
  return `${node.field} ${node.operator} ${isList ? `(${values})` : values}`;
}

function grouped(node: Expression): string {
  return node.kind === 'and' || node.kind === 'or' ? `(${expression(node)})` : expression(node);
}

function operand(value: Operand): string {
  if (value.kind === 'literal') return quote(value.text);
  return `${value.name}(${value.args.map(quote).join(', ')})`;
}

/** The one escaper of CQL strings. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
