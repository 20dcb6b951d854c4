import type { SpaceChoices } from '../../../../server/services/space-choices.ts';
import type { KnownAccount } from '../../../../store/filter-values.ts';
import { radios, select, type FieldErrors } from '../../../components/form.ts';
import { html, type Html } from '../../../html.ts';
import { authorPicker, type AuthorPickerView } from './author-picker.ts';
import type { FilterValues } from './fields.ts';
import { indexingFields } from './indexing.ts';
import { contentSections, labelNames, listFields } from './lists.ts';
import { hasError, listSays, section } from './section.ts';
import { spacePicker } from './space-picker.ts';
import { timeSection } from './times.ts';

export interface FilterFormView {
  /** The form's own address. */
  base: string;
  values: FilterValues & Readonly<Record<'personalSpaces' | 'archivedSpaces', string>>;
  errors: FieldErrors;
  /** null until somebody searches. */
  spaces: SpaceChoices | null;
  authors: AuthorPickerView | null;
  /** People whose ids are in the list. */
  named: KnownAccount[];
  /** No date is entered by any clock yet, and the connection has none of its own. */
  ownZone: boolean;
}

/** Which records are wanted: by filters or by labels, and of what kinds. */
export function filterForm(view: FilterFormView): Html {
  const { values, errors } = view;
  return html`<input type="hidden" name="filtersShown" value="1" />
    <h2 id="records">Which records</h2>
    ${radios({
      name: 'scopeBy',
      legend: 'Chosen by',
      value: values.scopeBy,
      errors,
      choices: [
        { value: 'filters', label: 'Filters', hint: 'Everything that the filters below let through.' },
        {
          value: 'labels',
          label: 'Labels',
          hint: 'Only what carries a label, so that authors decide in Confluence. The filters below count on top.',
        },
      ],
    })}
    <div class="pane for-labels">${labelNames(values, errors)}</div>
    ${spacesSection(view)} ${contentSections(values, errors)} ${authorsSection(view)}
    ${timeSection(values, errors, view.ownZone)} ${indexingFields(values, errors)}`;
}

function spacesSection({ base, values, errors, spaces }: FilterFormView): Html {
  return html`${section({
    id: 'spaceKeys',
    title: 'Spaces',
    says: listSays('spaceKeys', values),
    open: values.spaceKeys !== '' || spaces !== null || hasError(errors, 'spaceKeys'),
    body: html`${listFields({
      name: 'spaceKeys',
      label: 'Space keys',
      values,
      errors,
      hint: 'One a line, or with spaces or commas between; addresses of spaces will do. Capital letters count.',
    })}
    ${spacePicker(base, values, spaces)}`,
  })}
  ${select({
    name: 'personalSpaces',
    label: 'Personal spaces',
    value: values.personalSpaces,
    choices: [
      { value: 'usual', label: 'As usual: read with filters, left out with labels' },
      { value: 'yes', label: 'Are read' },
      { value: 'no', label: 'Are left out' },
    ],
  })}
  ${select({
    name: 'archivedSpaces',
    label: 'Archived spaces',
    value: values.archivedSpaces,
    hint: 'What is left out is removed from the search; in Atlassian nothing changes.',
    choices: [
      { value: 'no', label: 'Are left out' },
      { value: 'yes', label: 'Are read' },
    ],
  })}`;
}

function authorsSection({ base, values, errors, authors, named }: FilterFormView): Html {
  return section({
    id: 'authors',
    title: 'Authors',
    says: listSays('authors', values),
    open: values.authors !== '' || authors !== null || hasError(errors, 'authors'),
    body: html`${listFields({
      name: 'authors',
      label: 'Account IDs of authors',
      values,
      errors,
      hint: 'One a line, or with spaces or commas between; addresses of profiles will do. The author is who made the page.',
    })}
    ${authorPicker(base, values, authors, named)}`,
  });
}
