import { field, select, textarea, type FieldErrors } from '../../../components/form.ts';
import { html, type Html } from '../../../html.ts';
import { contentTypeNames, contentTypes, type FilterValues } from './fields.ts';
import { hasError, listSays, section } from './section.ts';
import { checkbox } from '../../../components/form.ts';

type ListName = 'spaceKeys' | 'pageIds' | 'blogpostIds' | 'labels' | 'authors';

/** How a list is meant, and the list. */
export function listFields(options: {
  name: ListName;
  label: string;
  values: FilterValues;
  errors: FieldErrors;
  hint: Html;
}): Html {
  const { name, label, values, errors, hint } = options;
  return html`${operator(`${name}Operator`, values[`${name}Operator`], label)}
  ${textarea({ name, label, value: values[name], hint, errors })}`;
}

function operator(name: string, value: string, of: string): Html {
  return select({
    name,
    label: `${of}: which`,
    value,
    choices: [
      { value: 'in', label: 'In: only these' },
      { value: 'not_in', label: 'Not In: all but these' },
    ],
  });
}

const separators = 'One a line, or with spaces or commas between; addresses of the site will do.';

/** Lists of pages, blog posts and labels, and the types of content. */
export function contentSections(values: FilterValues, errors: FieldErrors): Html {
  const list = (name: ListName, title: string, label: string, hint: string) =>
    section({
      id: name,
      title,
      says: listSays(name, values),
      open: values[name] !== '' || hasError(errors, name),
      body: listFields({ name, label, values, errors, hint }),
    });
  return html`${list(
    'pageIds',
    'Pages',
    'Page IDs',
    `${separators} Each counts with everything below it, folders between included; a folder’s ID is good, too. Blog posts have a list of their own.`,
  )}
  ${list('blogpostIds', 'Blog posts', 'Blog post IDs', separators)}
  ${list(
    'labels',
    'Labels',
    'Labels',
    'One a line, or with spaces or commas between. In takes what carries any of them, Not In leaves out what carries any.',
  )}
  ${typesSection(values, errors)}`;
}

function typesSection(values: FilterValues, errors: FieldErrors): Html {
  const on = contentTypes.filter((type) => values[`contentTypes-${type}`] === 'on');
  const all = on.length === contentTypes.length;
  const none = values.contentTypesOperator === 'not_in';
  const names = on.map((type) => contentTypeNames[type].toLowerCase()).join(', ');
  const error = errors['contentTypes'];
  return section({
    id: 'contentTypes',
    title: 'Content types',
    says: all && !none ? 'All' : `${none ? 'All but' : 'Only'} ${names}`,
    open: !all || none || error !== undefined,
    body: html`${operator('contentTypesOperator', values.contentTypesOperator, 'Content types')}
      <fieldset class=${error === undefined ? 'field' : 'field has-error'} id="contentTypes" tabindex="-1">
        <legend>Content types</legend>
        <p class="hint">Comments and attachments are types of their own: In without them leaves them out.</p>
        ${error === undefined ? null : html`<p class="field-error">${error}</p>`}
        <div class="row">
          ${contentTypes.map((type) =>
            checkbox({
              name: `contentTypes-${type}`,
              label: contentTypeNames[type],
              checked: values[`contentTypes-${type}`] === 'on',
            }),
          )}
        </div>
      </fieldset>`,
  });
}

/** The two names of labels by which content is chosen. */
export function labelNames(values: FilterValues, errors: FieldErrors): Html {
  return html`${field({
    name: 'pageLabel',
    label: 'Label of a single page or blog post',
    value: values.pageLabel,
    errors,
    hint: html`Takes in what carries it, and nothing else. Empty: <code>ai-ingest</code>.`,
  })}
  ${field({
    name: 'treeLabel',
    label: 'Label of a page and everything below',
    value: values.treeLabel,
    errors,
    hint: html`Takes in the page that carries it with all its descendants. Empty:
      <code>ai-ingest-all</code>.`,
  })}`;
}
