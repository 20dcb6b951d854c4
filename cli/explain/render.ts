import type { z } from 'zod';
import type { accessSchema, explainSchema } from '../../server/api/explain-schemas.ts';
import { plain, table } from '../terminal.ts';

export type Explanation = z.infer<typeof explainSchema>;
type Access = z.infer<typeof accessSchema>;
type Layer = Access['layers'][number];

const kinds = { product: 'Product access', space: 'Space', content: 'Restriction' };

/** An explanation as text for a terminal. Titles are anybody's words: control characters in them are left out. */
export function renderExplanation(answer: Explanation): string {
  const parts = answer.items.map((access) => renderAccess(access));
  if (answer.items.length === 0) parts.push(renderNothing(answer));
  if (answer.more) parts.push('There are more. Name the one that you mean by its address.');
  return `${parts.join('\n\n')}\n`;
}

function renderAccess(access: Access): string {
  const { record, user, visible, reason, match, layers, obstacles } = access;
  const lines = [
    `${plain(record.title)}${record.space === null ? '' : ` (${plain(record.space.name)})`}`,
    plain(record.url),
    `${visible ? 'visible' : 'NOT visible'} to ${user.email}: ${plain(reason)}`,
  ];
  if (match !== null && match.accounts.length === 0)
    lines.push(plain(`${match.reason} ${match.remedy ?? ''}`));
  if (layers.length > 0) lines.push('', table(['LAYER', 'VERDICT', 'WHY', 'READ'], layers.map(row)));
  for (const { message, hides } of obstacles) lines.push(`${hides ? 'hidden' : 'note'}: ${plain(message)}`);
  if (access.promisedSeconds !== null)
    lines.push('', `A change in Atlassian counts within ${Math.ceil(access.promisedSeconds / 60)} min.`);
  return lines.join('\n');
}

function row(layer: Layer): string[] {
  const verdict = layer.admitted ? 'admits' : layer.state === 'unknown' ? 'not known' : 'refuses';
  const place = layer.kind === 'product' ? '' : `: ${layer.name ?? layer.sourceId}`;
  return [`${kinds[layer.kind]}${place}`, verdict, why(layer), layer.readAt ?? ''].map(plain);
}

function why(layer: Layer): string {
  if (layer.admitted) {
    const more = layer.moreAdmissions === 0 ? [] : [`and ${layer.moreAdmissions} more ways`];
    return [...layer.admissions.map(({ path }) => path), ...more].join('; ');
  }
  if (layer.state === 'unknown') return layer.reason ?? 'could not be read';
  if (layer.admits === null) return '';
  const { principals, more } = layer.admits;
  if (principals.length === 0) return 'admits nobody who is known';
  const names = principals.map(
    ({ name, principal, known }) => `${name ?? principal}${known ? '' : ' (members could not be read)'}`,
  );
  return `admits ${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function renderNothing({ reason, absence, possibleReasons, remedies, sites }: Explanation): string {
  const list = (title: string, items: string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `  - ${plain(item)}`)];
  return [
    `NOT visible: ${plain(reason)}`,
    ...list(
      'Why it is not stored:',
      absence.map(({ message }) => message),
    ),
    ...list('It can be that:', possibleReasons),
    ...list('What to do:', remedies),
    ...list(
      'Atlassian accounts:',
      sites.map(
        ({ connection, accounts, reason: unmatched }) =>
          `${connection}: ${accounts.length === 0 ? unmatched : accounts.map(({ name, accountId }) => name || accountId).join(', ')}`,
      ),
    ),
  ].join('\n');
}
