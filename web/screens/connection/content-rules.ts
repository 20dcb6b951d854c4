import { fieldSources, type FieldSource } from '../../../content/rules/fields.ts';
import type {
  AttachmentHandling,
  ImageForm,
  MacroHandling,
  TableForm,
} from '../../../content/rules/types.ts';
import type { MacroUsage } from '../../../store/macro-usage.ts';
import { field, select, type Choice, type FieldErrors } from '../../components/form.ts';
import { html, type Html } from '../../html.ts';
import { inputs, type ContentFormValues } from './content-values.ts';

const macros: Record<MacroHandling, string> = {
  convert: 'As its kind asks',
  raw: 'As its source',
  text: 'As plain words',
  drop: 'Left out',
};
const tables: Record<TableForm, string> = {
  markdown: 'As tables of Markdown',
  html: 'As HTML, merged cells kept',
  text: 'As words, a line a row',
};
const images: Record<ImageForm, string> = {
  markdown: 'As images of Markdown',
  name: 'By file name',
  alt: 'By alternative text',
  link: 'As links',
  drop: 'Left out, with their captions',
};
const attachments: Record<AttachmentHandling, string> = {
  text: 'With the text of the file',
  link: 'With name and link alone',
  skip: 'Not indexed',
};
const sources: Record<FieldSource, string> = {
  title: 'Title',
  creator: 'Creator',
  created: 'Created on',
  lastModified: 'Last modified on',
  labels: 'Labels',
  space: 'Key of the space',
  spaceName: 'Name of the space',
  status: 'Status in Confluence',
  type: 'Type of content',
  version: 'Version',
  url: 'Address',
};

const choicesOf = (words: Record<string, string>): Choice[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** Macros in general, those that the content has or a rule names, and empty rows for others. */
export function macroRules(
  values: ContentFormValues,
  errors: FieldErrors,
  used: { sampled: number; macros: readonly MacroUsage[] },
): Html {
  const bodies = new Map(used.macros.map((macro) => [macro.name, macro.bodies]));
  const own = [{ value: '', label: 'As macros in general' }, ...choicesOf(macros)];
  return part(
    'macros',
    'Macros',
    used.sampled === 0
      ? 'Which macros there are is known after the first sync.'
      : `Counted in a sample of ${count(used.sampled, 'page or comment', 'pages and comments')}.`,
    html`${select({
        name: 'macrosDefault',
        label: 'Macros in general',
        value: values.macrosDefault,
        errors,
        choices: choicesOf(macros),
      })}
      <div class="rules">
        ${values.macros.map((macro, at) => {
          const [name, handling] = [inputs.macro(at, 'name'), inputs.macro(at, 'handling')];
          // One that was named wrong is to be named again.
          if (macro.name === '' || errors[name] !== undefined) {
            return row(
              `Macro ${at + 1}`,
              html`${field({ name, label: 'Another macro, by name', value: macro.name, errors })}
              ${select({ name: handling, label: 'Is shown', value: macro.handling, errors, choices: own })}`,
            );
          }
          const found = bodies.get(macro.name);
          return html`<div class="rule">
            <input type="hidden" name=${name} value=${macro.name} />
            ${select({
              name: handling,
              label: macro.name,
              value: macro.handling,
              errors,
              choices: own,
              ...(found === undefined ? {} : { hint: `In ${found} of ${used.sampled}` }),
            })}
          </div>`;
        })}
      </div>`,
  );
}

/** Tables and images. */
export function bodyRules(values: ContentFormValues, errors: FieldErrors): Html {
  return part(
    'bodies',
    'Tables and images',
    null,
    html`<div class="rules">
      ${select({ name: 'tables', label: 'Tables', value: values.tables, errors, choices: choicesOf(tables) })}
      ${select({ name: 'images', label: 'Images', value: values.images, errors, choices: choicesOf(images) })}
    </div>`,
  );
}

/** Named fields with what they are taken from. */
export function fieldRules(values: ContentFormValues, errors: FieldErrors): Html {
  const choices = fieldSources.map((value) => ({ value, label: sources[value] }));
  return part(
    'fields',
    'Fields',
    'Properties under names of your own, in the API and in search. Empty a name to take its field away; two more rows come with each save.',
    html`${values.fields.map((one, at) =>
      row(
        `Field ${at + 1}`,
        html`${field({ name: inputs.field(at, 'name'), label: 'Name', value: one.name, errors })}
        ${select({ name: inputs.field(at, 'from'), label: 'Taken from', value: one.from, errors, choices })}
        ${field({ name: inputs.field(at, 'default'), label: 'Where that is empty', value: one.default, errors })}`,
      ),
    )}`,
  );
}

/** Attachments in general, by type and by size. */
export function attachmentRules(values: ContentFormValues, errors: FieldErrors): Html {
  const choices = choicesOf(attachments);
  return part(
    'attachments',
    'Attachments',
    'The first line that names a file’s type decides.',
    html`${select({
      name: 'attachmentsDefault',
      label: 'Attachments in general',
      value: values.attachmentsDefault,
      errors,
      choices,
    })}
    ${values.types.map((one, at) =>
      row(
        `Types ${at + 1}`,
        html`${field({
          name: inputs.type(at, 'types'),
          label: 'Files of these types',
          value: one.types,
          errors,
          hint: at === 0 ? html`Like <code>image/*, application/pdf, .zip</code>` : undefined,
        })}
        ${select({ name: inputs.type(at, 'handling'), label: 'Are indexed', value: one.handling, errors, choices })}`,
      ),
    )}
    ${row(
      'Size',
      html`${field({
        name: 'largest',
        label: 'Files larger than, in megabytes',
        value: values.largest,
        errors,
        inputmode: 'decimal',
        hint: 'Empty: no limit.',
      })}
      ${select({
        name: 'larger',
        label: 'Are indexed',
        value: values.larger,
        errors,
        choices: choices.filter(({ value }) => value !== 'text'),
      })}`,
    )}`,
  );
}

function part(id: string, heading: string, hint: Html, body: Html): Html {
  return html`<section class="card" aria-labelledby=${`${id}-heading`}>
    <h3 id=${`${id}-heading`}>${heading}</h3>
    ${hint === null ? null : html`<p class="hint">${hint}</p>`} ${body}
  </section>`;
}

function row(label: string, body: Html): Html {
  return html`<div class="rule-row" role="group" aria-label=${label}>${body}</div>`;
}

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
