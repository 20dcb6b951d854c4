import type { Request } from 'express';
import { configureFields } from '../../web/screens/connection/configure.ts';
import { listFilters } from '../../web/screens/connection/filters/fields.ts';
import { formList, formText } from './page.ts';

/** Of a field of one line; a pasted list is as long as a form may be, so that none is cut off. */
const longest = { line: 500, list: Number.MAX_SAFE_INTEGER };
const lists: ReadonlySet<string> = new Set([...listFilters, 'confirmed']);

/**
 * The Configure Records form as it was posted, each field as text: for `valuesOf` of configure-form.ts. What was ticked in
 * the lists of spaces and people is at the end of what was typed.
 */
export function postedConfigure(req: Request): Record<string, string> {
  const posted = Object.fromEntries(
    configureFields.map((name) => [
      name,
      formText(req, name, lists.has(name) ? longest.list : longest.line).replaceAll('\0', ''),
    ]),
  );
  const ticked = { spaceKeys: formList(req, 'pickSpace'), authors: formList(req, 'pickAuthor') };
  for (const [name, values] of Object.entries(ticked)) {
    const there = new Set((posted[name] ?? '').split(/[\s,;]+/u));
    const added = values.map((value) => value.slice(0, 255)).filter((value) => !there.has(value));
    posted[name] = [posted[name], ...added].filter((text) => text !== '').join('\n');
  }
  return posted;
}
