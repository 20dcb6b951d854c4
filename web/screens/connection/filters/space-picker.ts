import type { SpaceChoices } from '../../../../server/services/space-choices.ts';
import { notice } from '../../../components/notice.ts';
import { bdi, html, type Html } from '../../../html.ts';
import { count, plural } from '../../../time.ts';
import type { FilterValues } from './fields.ts';
import { pickedOptions, picker } from './picker.ts';

const kinds: Record<string, string> = {
  global: 'Site space',
  collaboration: 'Collaboration space',
  knowledge_base: 'Knowledge base',
  personal: 'Personal space',
};

/** Spaces of the site by name and key, with their kind and size. `choices` is null until somebody searches. */
export function spacePicker(base: string, values: FilterValues, choices: SpaceChoices | null): Html {
  return picker({
    base,
    name: 'spaceSearch',
    label: 'Find spaces by name or key',
    value: values.spaceSearch,
    hint: 'Tick a space to add its key to the list above.',
    found: choices === null ? null : found(choices, values),
  });
}

function found(choices: SpaceChoices, values: FilterValues): Html {
  const { items, notAsked } = choices;
  const listed = new Set(values.spaceKeys.split(/[\s,;]+/u));
  return html`${
      notAsked === null
        ? null
        : notice(
            'warning',
            'These are the spaces of the last sync',
            `${notAsked} Keys can be typed all the same.`,
          )
    }
    <p class="muted" role="status">${told(choices)}</p>
    ${pickedOptions({
      name: 'pickSpace',
      into: 'spaceKeys',
      label: 'Spaces that were found',
      items: items.map((space) => ({
        id: space.id,
        value: space.key,
        listed: listed.has(space.key),
        label: html`${bdi(space.name)} <code>${space.key}</code> <span class="hint">${facts(space)}</span>`,
      })),
    })}`;
}

function told({ items, found: all }: SpaceChoices): string {
  if (all === 0) return 'No space that the account may see has this in its name or key.';
  if (all > items.length)
    return `The first ${count(items.length)} of ${count(all)} spaces; type more to see others.`;
  return `${plural(all, 'space')} found.`;
}

function facts({ type, status, pages }: SpaceChoices['items'][number]): string {
  const size =
    pages === null ? 'size not known just now' : plural(pages, 'page or blog post', 'pages and blog posts');
  return [
    kinds[type] ?? `Space of the kind ${type}`,
    ...(status === 'archived' ? ['archived'] : []),
    size,
  ].join(', ');
}
