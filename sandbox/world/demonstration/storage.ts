import type { PersonKey } from './people.ts';
import { accountOf } from './people.ts';

/** Builders of Confluence's storage format. Text arguments are XHTML already: `&amp;`, not `&`. */
export const p = (...html: string[]): string => html.map((text) => `<p>${text}</p>`).join('');
export const h = (level: 1 | 2 | 3, text: string): string => `<h${level}>${text}</h${level}>`;
export const ul = (...items: string[]): string =>
  `<ul>${items.map((item) => `<li><p>${item}</p></li>`).join('')}</ul>`;
export const ol = (...items: string[]): string =>
  `<ol>${items.map((item) => `<li><p>${item}</p></li>`).join('')}</ol>`;

export function table(head: string[], ...rows: string[][]): string {
  const cells = (tag: 'th' | 'td', row: string[]): string =>
    `<tr>${row.map((cell) => `<${tag}><p>${cell}</p></${tag}>`).join('')}</tr>`;
  return `<table data-layout="default"><tbody>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

/** A code macro: its body is CDATA, in which `]]>` has to be split. */
export function code(language: string, source: string): string {
  const body = source.replaceAll(']]>', ']]]]><![CDATA[>');
  return macro('code', { language }, `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`);
}

export const panel = (kind: 'info' | 'note' | 'warning' | 'tip', html: string, title?: string): string =>
  macro(kind, title === undefined ? {} : { title }, `<ac:rich-text-body>${html}</ac:rich-text-body>`);

export const expand = (title: string, html: string): string =>
  macro('expand', { title }, `<ac:rich-text-body>${html}</ac:rich-text-body>`);

export const status = (colour: 'Green' | 'Yellow' | 'Red' | 'Blue' | 'Grey', title: string): string =>
  macro('status', { colour, title });

/** Any macro, known to the reader or not. */
export function macro(name: string, parameters: Record<string, string> = {}, body = ''): string {
  const given = Object.entries(parameters)
    .map(([key, value]) => `<ac:parameter ac:name="${key}">${value}</ac:parameter>`)
    .join('');
  return `<ac:structured-macro ac:name="${name}" ac:schema-version="1">${given}${body}</ac:structured-macro>`;
}

export function tasks(...list: { done?: boolean; text: string }[]): string {
  const items = list.map(
    ({ done = false, text }, index) =>
      `<ac:task><ac:task-id>${index + 1}</ac:task-id><ac:task-status>${done ? 'complete' : 'incomplete'}</ac:task-status><ac:task-body>${text}</ac:task-body></ac:task>`,
  );
  return `<ac:task-list>${items.join('')}</ac:task-list>`;
}

export const mention = (who: PersonKey): string =>
  `<ac:link><ri:user ri:account-id="${accountOf(who)}" /></ac:link>`;

/** A link to another page by its title, in the same space unless a key says otherwise. */
export function link(title: string, text?: string, spaceKey?: string): string {
  const space = spaceKey === undefined ? '' : ` ri:space-key="${spaceKey}"`;
  const body = text === undefined ? '' : `<ac:link-body>${text}</ac:link-body>`;
  return `<ac:link><ri:page${space} ri:content-title="${title}" />${body}</ac:link>`;
}

export const image = (file: string, alt: string): string =>
  `<ac:image ac:alt="${alt}" ac:width="480"><ri:attachment ri:filename="${file}" /></ac:image>`;

export const date = (day: string): string => `<time datetime="${day}" />`;

/** Two columns side by side. */
export const columns = (left: string, right: string): string =>
  `<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell>${left}</ac:layout-cell><ac:layout-cell>${right}</ac:layout-cell></ac:layout-section></ac:layout>`;
